import type { Kube, ObjectRef } from '../../kube/types.ts';
import type { FaultPlan } from '../types.ts';

/**
 * Plans to kill a pod, `grace` seconds after it was told (none by default). Nothing is to be undone: its owner makes
 * the next one. The effect is present once the API no longer knows the pod under its uid.
 */
export function planPodKill(
  kube: Pick<Kube, 'get' | 'remove'>,
  pod: { namespace: string; name: string; uid: string },
  grace = 0,
): FaultPlan {
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'Pod', name: pod.name, namespace: pod.namespace };
  return {
    kind: 'pod-kill',
    title: `pod ${pod.namespace}/${pod.name} killed`,
    actions: () => [],
    strike: () => kube.remove(ref, { gracePeriodSeconds: grace }),
    effect: async () => {
      const found = await kube.get(ref);
      const present = found?.metadata.uid !== pod.uid;
      return { present, seen: `pod ${pod.namespace}/${pod.name} ${present ? 'is gone' : 'is there'}` };
    },
  };
}
