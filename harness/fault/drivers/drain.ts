import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import { kubectlAct } from '../kubectl.ts';

const Params = z.strictObject({
  node: z.string(),
  seconds: z.int().min(5).max(120).default(30).describe('how long evictions may take'),
});
type Params = z.infer<typeof Params>;

const NodeView = z.looseObject({ spec: z.looseObject({ unschedulable: z.boolean().default(false) }) });
const PodView = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    ownerReferences: z.array(z.looseObject({ kind: z.string() })).default([]),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({ nodeName: z.string().optional() }),
  status: z.looseObject({ phase: z.string().default('') }),
});

/**
 * Drains a node: no new pods, and those of controllers are evicted, PodDisruptionBudgets heeded. A node with pods nobody
 * would make again is refused. Undone, it takes pods again; those that went do not come back by themselves.
 */
export const drain: FaultDriver<Params> = {
  name: 'drain',
  summary: 'drains a node and lets it take pods again',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess', 'MultiNode'],
  async plan(target, { node, seconds }) {
    const ref = { apiVersion: 'v1', kind: 'Node', name: node };
    const found = await target.kube.get(ref);
    if (found === undefined) throw new OrdealError('USAGE', `parameters of the fault drain: there is no node ${node}`);
    if (NodeView.parse(found).spec.unschedulable) {
      throw new OrdealError('USAGE', `the fault drain: ${node} is cordoned already`);
    }
    const lone = (await podsOn(target, node)).find(({ metadata }) => metadata.ownerReferences.length === 0);
    if (lone !== undefined) {
      throw new OrdealError('FAULT', `the fault drain: nobody would make pod ${lone.metadata.name} of ${node} again`);
    }
    const isCordoned = `test "$(kubectl get node ${node} -o jsonpath='{.spec.unschedulable}')" = true`;
    const evict = `kubectl drain ${node} --ignore-daemonsets --delete-emptydir-data --timeout=${seconds}s`;
    const act = await kubectlAct(target, { apply: evict, undo: `kubectl uncordon ${node}`, isApplied: isCordoned });
    return {
      title: `node ${node} drained`,
      way: 'kubectl on the control plane',
      acts: () => [act],
      effect: async () => {
        const { unschedulable } = NodeView.parse(await target.kube.get(ref)).spec;
        const left = (await podsOn(target, node)).length;
        const seen = `node ${node} ${unschedulable ? 'takes no pods' : 'takes pods'}; ${left} that could be evicted are there`;
        return { present: unschedulable && left === 0, seen };
      },
    };
  },
};

/** Returns the pods of a node that are to be evicted: not those that belong to it (DaemonSets, static pods). */
async function podsOn({ kube }: FaultTarget, node: string): Promise<z.infer<typeof PodView>[]> {
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod' })).map((pod) => PodView.parse(pod));
  const stays = ['DaemonSet', 'Node'];
  return pods.filter(
    ({ metadata, spec, status }) =>
      spec.nodeName === node &&
      status.phase === 'Running' &&
      metadata.deletionTimestamp === undefined &&
      !metadata.ownerReferences.some(({ kind }) => stays.includes(kind)),
  );
}
