import { type Clock, systemClock } from '../base/clock.ts';
import { atLeast, leastTrials } from '../measure/binomial.ts';

/** One look at many cells: what stands against the expectation, in words, by cell; and whose control failed with it. */
export interface Look {
  readonly wrong: ReadonlyMap<string, string>;
  /**
   * Cells of which this look says nothing: the agent that asked did not get an answer of its own loopback either, or its
   * probe broke.
   */
  readonly excused: ReadonlySet<string>;
}

export interface HoldOptions {
  readonly looks: number;
  /** From the beginning of one look to that of the next; looks overlap where they take longer. */
  readonly everyMs: number;
  readonly look: () => Promise<Look>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** What a hold saw. `relapses`: by cell, what each look that disagreed has seen, less those whose control failed. */
export interface Held {
  readonly looks: number;
  readonly relapses: ReadonlyMap<string, readonly string[]>;
  /** By cell, looks that say nothing of it. */
  readonly excused: ReadonlyMap<string, number>;
}

/** Looks that are under way at once; one that is due beyond that waits, so that a slow cluster is not asked ever more. */
const mostAtOnce = 4;

/**
 * Looks again and again at what has settled, in a steady rhythm: settling says that there was a good moment, a hold that
 * there was no bad one. Returns all that was seen; does not judge. @throws what `look` throws, or the abort reason.
 */
export async function hold(options: HoldOptions): Promise<Held> {
  const { looks, everyMs, look, clock = systemClock, signal } = options;
  const start = clock.now();
  const flying = new Set<Promise<void>>();
  const relapses = new Map<string, string[]>();
  const excused = new Map<string, number>();
  const note = (seen: Look) => {
    for (const cell of seen.excused) excused.set(cell, (excused.get(cell) ?? 0) + 1);
    for (const [cell, words] of seen.wrong) {
      if (!seen.excused.has(cell)) relapses.set(cell, [...(relapses.get(cell) ?? []), words]);
    }
  };
  for (let index = 0; index < looks; index++) {
    signal?.throwIfAborted();
    const waitMs = start + index * everyMs - clock.now();
    if (waitMs > 0) await clock.pause(waitMs, signal);
    while (flying.size >= mostAtOnce) await Promise.race(flying);
    const flight = look().then(note);
    flying.add(flight);
    void flight.then(
      () => flying.delete(flight),
      () => undefined,
    );
  }
  await Promise.all(flying);
  return { looks, relapses, excused };
}

/** When a cell fails a hold: from this many of its looks on. One alone is told and counted, not judged. */
export const relapsesThatFail = 2;

/** What a hold is dimensioned for: a defect that shows in this part of all looks is found with this probability. */
export const holdPower = { rate: 0.05, power: 0.99 } as const;

/**
 * Returns how surely, 0 to 1, a cell that is wrong in `holdPower.rate` of all looks fails: it relapses twice in a hold,
 * and once more in a second one that is as long (confirm-hold.ts).
 */
function powerOf(looks: number): number {
  return atLeast(relapsesThatFail, looks, holdPower.rate) * atLeast(1, looks, holdPower.rate);
}

/** Looks at a cell that find a defect of `holdPower.rate` with `holdPower.power`: 134. */
export const holdLooks = fewestLooks(leastTrials(relapsesThatFail, holdPower.rate, holdPower.power));

function fewestLooks(from: number): number {
  let looks = from;
  while (powerOf(looks) < holdPower.power) looks += 1;
  return looks;
}

/** Returns how surely a hold of so many looks finds a cell that is wrong in 5 % of all looks, in words for a report. */
export function describePower(looks: number): string {
  const found = (100 * powerOf(looks)).toFixed(1);
  const rule = `${relapsesThatFail} relapses of one cell in ${looks} looks, and one in as many more, fail`;
  return `${rule}: a cell wrong in ${100 * holdPower.rate} % of all looks is found with ${found} % (binomial)`;
}

/** A cell may be excused in this part of its looks at most; beyond that the hold has not seen enough of it. */
const mostExcused = 0.5;

/** Returns the cells that relapsed often enough to fail, and what was seen of each. */
export function relapsedCells({ relapses }: Held): [string, readonly string[]][] {
  return [...relapses].filter(([, seen]) => seen.length >= relapsesThatFail);
}

export type HoldVerdict =
  | { readonly outcome: 'held'; readonly passing: readonly string[] }
  | { readonly outcome: 'relapsed'; readonly cells: readonly string[] }
  | { readonly outcome: 'starved'; readonly cells: readonly string[] };

/**
 * Returns what a hold comes to: `relapsed` with every cell that relapsed twice, and how often of how many looks; else
 * `starved` with cells whose agents mostly did not reach themselves; else `held`, with the single relapses.
 */
export function judgeHold(held: Held): HoldVerdict {
  const { looks, relapses, excused } = held;
  const told = ([cell, seen]: readonly [string, readonly string[]]) =>
    `${cell}: ${seen.at(-1) ?? ''} in ${seen.length} of ${looks} looks after it had settled`;
  const failing = relapsedCells(held);
  if (failing.length > 0) return { outcome: 'relapsed', cells: failing.map(told) };
  const starved = [...excused].filter(([, count]) => count > mostExcused * looks);
  if (starved.length > 0) {
    return { outcome: 'starved', cells: starved.map(([cell, count]) => `${cell}: ${count} of ${looks} looks`) };
  }
  return { outcome: 'held', passing: [...relapses].map(told) };
}
