import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { FaultDriver } from '../driver.ts';
import { kubectlAct } from '../kubectl.ts';

const Word = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/);
const Params = z.strictObject({
  node: z.string(),
  key: Word.default('ordeal.dev/fault'),
  value: Word.default('true'),
  effect: z.enum(['NoSchedule', 'NoExecute', 'PreferNoSchedule']).default('NoSchedule'),
});
type Params = z.infer<typeof Params>;

const NodeView = z.looseObject({
  spec: z.looseObject({ taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).default([]) }),
});

/** Taints a node and takes the taint away again; NoExecute evicts what does not tolerate it. */
export const taint: FaultDriver<Params> = {
  name: 'taint',
  summary: 'taints a node',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, { node, key, value, effect }) {
    const ref = { apiVersion: 'v1', kind: 'Node', name: node };
    const isTainted = (found: unknown) =>
      NodeView.parse(found).spec.taints.some((one) => one.key === key && one.effect === effect);
    const found = await target.kube.get(ref);
    if (found === undefined) throw new OrdealError('USAGE', `parameters of the fault taint: there is no node ${node}`);
    if (isTainted(found)) throw new OrdealError('USAGE', `the fault taint: ${node} has ${key}:${effect} already`);
    const list = `kubectl get node ${node} -o jsonpath='{range .spec.taints[*]}{.key}:{.effect}{"\\n"}{end}'`;
    const held = `${list} | grep -qx '${key}:${effect}'`;
    const act = await kubectlAct(target, {
      apply: `kubectl taint node ${node} ${key}=${value}:${effect}`,
      // An API server that does not answer says nothing of the taint: then it is tried again.
      undo: `taints=$(${list}) && { ! echo "$taints" | grep -qx '${key}:${effect}' || kubectl taint node ${node} ${key}:${effect}-; }`,
      isApplied: held,
    });
    return {
      title: `node ${node} tainted ${key}=${value}:${effect}`,
      way: 'kubectl on the control plane',
      acts: () => [act],
      effect: async () => {
        const present = isTainted(await target.kube.get(ref));
        return { present, seen: `node ${node} ${present ? 'bears' : 'does not bear'} ${key}:${effect}` };
      },
    };
  },
};
