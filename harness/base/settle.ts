import { OrdealError } from './errors.ts';
import { type Clock, systemClock } from './clock.ts';

/** Equal observations in a row: from when to when after the start, and how many. `undefined` agreed. */
export interface TrailEntry {
  readonly fromMs: number;
  readonly toMs: number;
  readonly seen: string | undefined;
  readonly times: number;
}

export interface Settled {
  /** From the start to the beginning of the first of the agreeing samples; resolution is one sample and one pause. */
  readonly ms: number;
  readonly trail: readonly TrailEntry[];
}

export interface SettleOptions {
  /** What is awaited, for the error: "deny-all takes effect". */
  readonly what?: string;
  /** Returns undefined when it agrees with the expectation, else one line saying what was seen. Its errors pass. */
  readonly sample: () => Promise<string | undefined>;
  /** Agreeing samples in a row that make a settled state. */
  readonly consecutive: number;
  /** Asked anew after each sample where it depends on what was seen. */
  readonly timeoutMs: number | (() => number);
  readonly pollMs: number;
  /** Where given, the pause grows to a twentieth of the time waited, up to this: who waits long need not ask often. */
  readonly mostPollMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

function extend(trail: TrailEntry[], entry: TrailEntry): void {
  const last = trail.at(-1);
  if (last === undefined || last.seen !== entry.seen) trail.push(entry);
  else trail.splice(-1, 1, { ...last, toMs: entry.toMs, times: last.times + entry.times });
}

const shownEntries = 12;

/** Returns a trail as text, one line per run of equal observations, the last twelve. */
export function describeTrail(trail: readonly TrailEntry[]): string {
  const lines = trail.map(({ fromMs, toMs, seen, times }) => {
    return `${fromMs.toFixed(0)}-${toMs.toFixed(0)} ms, ${times}x: ${seen ?? 'as expected'}`;
  });
  const left = lines.length - shownEntries;
  return [...(left > 0 ? [`(${left} earlier)`] : []), ...lines.slice(-shownEntries)].join('\n');
}

function notSettled(options: SettleOptions, trail: readonly TrailEntry[]): OrdealError {
  const { what = 'the expected state', consecutive } = options;
  const timeoutMs = limitOf(options);
  const last = trail.findLast(({ seen }) => seen !== undefined)?.seen ?? 'no disagreement, but too few samples in time';
  const message = `${what} did not settle within ${timeoutMs} ms (${consecutive} agreeing samples in a row); last seen: ${last}`;
  return new OrdealError('NOT_SETTLED', `${message}\ntrail:\n${describeTrail(trail)}`);
}

const limitOf = ({ timeoutMs }: SettleOptions) => (typeof timeoutMs === 'number' ? timeoutMs : timeoutMs());

const waitedPerPause = 20;

/**
 * Samples until `consecutive` samples in a row agree; a sample begun before the deadline counts. Returns the time to
 * settle and everything seen on the way. @throws OrdealError NOT_SETTLED with the trail, or what `sample` throws, or
 * the abort reason.
 */
export async function settle(options: SettleOptions): Promise<Settled> {
  const { sample, consecutive, pollMs, mostPollMs, clock = systemClock, signal } = options;
  const start = clock.now();
  const trail: TrailEntry[] = [];
  for (let fromMs = 0; fromMs <= limitOf(options); fromMs = clock.now() - start) {
    signal?.throwIfAborted();
    const seen = await sample();
    extend(trail, { fromMs, toMs: clock.now() - start, seen, times: 1 });
    const last = trail.at(-1);
    if (last?.seen === undefined && (last?.times ?? 0) >= consecutive) return { ms: last?.fromMs ?? 0, trail };
    const longest = last?.seen === undefined ? pollMs : (mostPollMs ?? pollMs);
    await clock.pause(Math.min(longest, Math.max(pollMs, Math.round((clock.now() - start) / waitedPerPause))), signal);
  }
  throw notSettled(options, trail);
}
