import type { Sample } from '../probe/agent-types.ts';

/** Returns the samples that a kept connection was lost before: each was made on another one than the sample before it. */
export function cutsIn(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ connection }, index) => {
    const before = samples[index - 1]?.connection;
    return before !== undefined && connection !== undefined && connection !== before;
  });
}
