import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { FaultDriver } from '../driver.ts';
import { kubectlAct } from '../kubectl.ts';

const Name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const Params = z.strictObject({
  namespace: Name,
  name: Name,
  kind: z.enum(['Deployment', 'StatefulSet']).default('Deployment'),
  replicas: z.int().min(0).max(100),
});
type Params = z.infer<typeof Params>;

const Scaled = z.looseObject({
  spec: z.looseObject({ replicas: z.int().default(1) }),
  status: z.looseObject({ readyReplicas: z.int().default(0) }).default({ readyReplicas: 0 }),
});

/** Scales a workload, to none if need be, and back to what it had. Present once that many of its pods are ready. */
export const scale: FaultDriver<Params> = {
  name: 'scale',
  summary: 'scales a Deployment or StatefulSet, to none if need be',
  targets: 'workload',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, { namespace, name, kind, replicas }) {
    const ref = { apiVersion: 'apps/v1', kind, namespace, name };
    const found = await target.kube.get(ref);
    const title = `${kind} ${namespace}/${name}`;
    if (found === undefined) throw new OrdealError('USAGE', `parameters of the fault scale: there is no ${title}`);
    const before = Scaled.parse(found).spec.replicas;
    if (before === replicas)
      throw new OrdealError('USAGE', `the fault scale: ${title} has ${replicas} replicas already`);
    const what = `${kind.toLowerCase()}/${name}`;
    const to = (count: number) => `kubectl -n ${namespace} scale ${what} --replicas=${count}`;
    const act = await kubectlAct(target, {
      apply: to(replicas),
      undo: to(before),
      isApplied: `test "$(kubectl -n ${namespace} get ${what} -o jsonpath='{.spec.replicas}')" = ${replicas}`,
    });
    return {
      title: `${title} scaled from ${before} to ${replicas}`,
      way: 'kubectl on the control plane',
      acts: () => [act],
      effect: async () => {
        const ready = Scaled.parse(await target.kube.get(ref)).status.readyReplicas;
        return { present: ready === replicas, seen: `${ready} pods of ${title} are ready` };
      },
    };
  },
};
