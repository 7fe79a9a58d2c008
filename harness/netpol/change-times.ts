import type { Sample } from '../probe/types.ts';

/** Attempts in a row that must agree before a change counts as complete. */
export const steadySamples = 10;

/** Returns how long after `sinceMs` (on the sampler's clock) the last attempt got through; 0 when none did. */
export function closingMs(samples: readonly Sample[], sinceMs: number): number {
  const last = samples.findLast((sample) => sample.atMs >= sinceMs && sample.verdict === 'open');
  return last === undefined ? 0 : last.atMs - sinceMs;
}

/** Returns how long after `sinceMs` the first attempt got through; undefined when none has. */
export function openingMs(samples: readonly Sample[], sinceMs: number): number | undefined {
  const first = samples.find((sample) => sample.atMs >= sinceMs && sample.verdict === 'open');
  return first === undefined ? undefined : first.atMs - sinceMs;
}

/** Returns undefined once the last attempts since `sinceMs` all ended as wanted, else what they did. */
export function unsteady(samples: readonly Sample[], sinceMs: number, open: boolean): string | undefined {
  const since = samples.filter((sample) => sample.atMs >= sinceMs).slice(-steadySamples);
  if (since.length < steadySamples) return `${since.length} of ${steadySamples} attempts made`;
  const wrong = since.findLast((sample) => (sample.verdict === 'open') !== open);
  return wrong && `${wrong.verdict} at ${(wrong.atMs - sinceMs).toFixed(0)} ms after the change`;
}
