import type { Sample } from '../probe/agent-types.ts';

/** Attempts in a row that must agree before a change counts as complete. */
export const steadySamples = 10;

/** Whether a sample shows what is looked for: an open path, an answer of one backend. */
export type Shows = (sample: Sample) => boolean;
export const isOpen: Shows = ({ verdict }) => verdict === 'open';

/** Returns how long after `sinceMs` (on the sampler's clock) the last attempt showed it; 0 when none did. */
export function closingMs(samples: readonly Sample[], sinceMs: number, shows: Shows = isOpen): number {
  const last = samples.findLast((sample) => sample.atMs >= sinceMs && shows(sample));
  return last === undefined ? 0 : last.atMs - sinceMs;
}

/** Returns how long after `sinceMs` the first attempt showed it; undefined when none has. */
export function openingMs(samples: readonly Sample[], sinceMs: number, shows: Shows = isOpen): number | undefined {
  const first = samples.find((sample) => sample.atMs >= sinceMs && shows(sample));
  return first === undefined ? undefined : first.atMs - sinceMs;
}

/** Returns undefined once the last attempts since `sinceMs` all ended as wanted, else what they did. */
export function unsteady(
  samples: readonly Sample[],
  sinceMs: number,
  open: boolean,
  { shows = isOpen, steady = steadySamples }: { readonly shows?: Shows; readonly steady?: number } = {},
): string | undefined {
  const since = samples.filter((sample) => sample.atMs >= sinceMs).slice(-steady);
  if (since.length < steady) return `${since.length} of ${steady} attempts made`;
  const wrong = since.findLast((sample) => shows(sample) !== open);
  if (wrong === undefined) return undefined;
  const by = wrong.responder === undefined ? '' : ` by ${wrong.responder}`;
  return `${wrong.verdict}${by} at ${(wrong.atMs - sinceMs).toFixed(0)} ms after the change`;
}
