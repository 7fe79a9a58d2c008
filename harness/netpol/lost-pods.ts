import { z } from 'zod';
import { InconclusiveError } from '../base/errors.ts';
import type { Kube } from '../kube/types.ts';
import type { TrackedPod } from './state.ts';

const PodNow = z.looseObject({
  metadata: z.looseObject({ name: z.string(), deletionTimestamp: z.string().optional() }),
  status: z.looseObject({
    phase: z.string().optional(),
    reason: z.string().optional(),
    podIP: z.string().optional(),
  }),
});
type PodNow = z.infer<typeof PodNow>;

/**
 * A pod that was evicted or deleted by somebody else looks, from the others, like a path that is cut.
 * @throws InconclusiveError naming the pods under measurement that are not what they were.
 */
export async function refuseLostPods(
  kube: Pick<Kube, 'list'>,
  pods: readonly TrackedPod[],
  cause: unknown,
): Promise<void> {
  const lost: string[] = [];
  for (const [namespace, members] of Map.groupBy(pods, (pod) => pod.agent.namespace)) {
    const stored = (await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace })).map((one) => PodNow.parse(one));
    for (const pod of members) {
      const fate = fateOf(
        pod,
        stored.find((one) => one.metadata.name === pod.agent.name),
      );
      if (fate !== undefined) lost.push(`${pod.namespaceKey}/${pod.name} ${fate}`);
    }
  }
  if (lost.length === 0) return;
  throw new InconclusiveError(`pods under measurement were lost during the case: ${lost.join(', ')}`, { cause });
}

function fateOf({ agent }: TrackedPod, now: PodNow | undefined): string | undefined {
  if (now === undefined) return 'is gone';
  if (now.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const { phase = 'unknown', reason = '', podIP } = now.status;
  if (phase !== 'Running') return `is ${phase} ${reason}`.trimEnd();
  return podIP === agent.ip ? undefined : `moved from ${agent.ip} to ${podIP ?? 'no address'}`;
}
