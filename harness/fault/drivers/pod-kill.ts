import { z } from 'zod';
import type { ObjectRef } from '../../kube/types.ts';
import type { FaultDriver } from '../driver.ts';

const Params = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string().describe('of this very pod: its successor may bear the same name'),
  graceSeconds: z.int().nonnegative().optional().describe('from being told to being killed; none by default'),
});
type Params = z.infer<typeof Params>;

/**
 * Kills a pod. Nothing is to be undone: its owner makes the next one. The effect is present once the API no longer knows
 * the pod under its uid.
 */
export const podKill: FaultDriver<Params> = {
  name: 'pod-kill',
  summary: 'kills a pod; its owner makes the next one',
  targets: 'pod',
  params: Params,
  needs: [],
  plan({ kube }, { namespace, name, uid, graceSeconds = 0 }) {
    const ref: ObjectRef = { apiVersion: 'v1', kind: 'Pod', name, namespace };
    return Promise.resolve({
      title: `pod ${namespace}/${name} killed`,
      acts: () => [{ site: 'api' as const, apply: () => kube.remove(ref, { gracePeriodSeconds: graceSeconds }) }],
      effect: async () => {
        const found = await kube.get(ref);
        const present = found?.metadata.uid !== uid;
        return { present, seen: `pod ${namespace}/${name} ${present ? 'is gone' : 'is there'}` };
      },
    });
  },
};
