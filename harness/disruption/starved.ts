import type { Sample } from '../probe/agent-types.ts';
import { isFailure } from './downtime.ts';

/** Schedules of two samplers begin within a round trip of each other, and a machine without CPU is so for seconds. */
const nearMs = 2_000;

/**
 * Returns the failures that a starved machine explains: a silence while the client, asked the same way, did not reach its
 * own loopback either. What was refused, reset or answered wrongly was somebody's doing, however busy the machine.
 */
export function starvedFailures(samples: readonly Sample[], control: readonly Sample[]): Sample[] {
  const starvedAt = control.filter(isFailure).map(({ atMs }) => atMs);
  return samples.filter(
    (sample) =>
      isFailure(sample) &&
      sample.verdict === 'dropped' &&
      starvedAt.some((atMs) => Math.abs(atMs - sample.atMs) <= nearMs),
  );
}
