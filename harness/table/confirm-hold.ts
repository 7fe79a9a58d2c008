import type { CheckContext } from './check-context.ts';
import { type Held, hold, type HoldOptions, type Look, relapsedCells } from './hold.ts';

export interface ConfirmOptions extends Omit<HoldOptions, 'look'> {
  /** Looks at these cells; at all of them where none are named. */
  readonly look: (only?: ReadonlySet<string>) => Promise<Look>;
}

/** A hold and, where cells relapsed in it, the second one, at those alone. */
export interface ConfirmedHold {
  readonly first: Held;
  readonly second?: Held;
}

/** A cell that was wrong in this part of a hold needs no second one: no moment of a busy machine lasts that long. */
const beyondDoubt = 0.2;

/**
 * Holds, then looks as often once more at cells that relapsed in the first hold: what comes and goes with a rate comes
 * again, while a moment in which the machine was short of time does not. A machine with two cores that starts 26 pods
 * loses a packet or two of one path in some runs; two of 130 looks are no part of 5 %, but were enough to fail.
 * @throws what `look` throws, or the abort reason.
 */
export async function holdAndConfirm(options: ConfirmOptions): Promise<ConfirmedHold> {
  const first = await hold({ ...options, look: () => options.look() });
  const relapsed = relapsedCells(first);
  const suspects = new Set(relapsed.map(([cell]) => cell));
  const certain = relapsed.some(([, seen]) => seen.length >= beyondDoubt * first.looks);
  if (suspects.size === 0 || certain) return { first };
  return { first, second: await hold({ ...options, look: () => options.look(suspects) }) };
}

/**
 * Returns the hold to judge: the first, without the relapses of cells that did not relapse again. `lapsed`: those, in
 * words for the report.
 */
export function confirmed({ first, second }: ConfirmedHold): {
  readonly held: Held;
  readonly lapsed: readonly string[];
} {
  if (second === undefined) return { held: first, lapsed: [] };
  const gone = new Map(relapsedCells(first).filter(([cell]) => !second.relapses.has(cell)));
  const relapses = new Map([...first.relapses].filter(([cell]) => !gone.has(cell)));
  const lapsed = [...gone].map(([cell, seen]) => {
    return `${cell}: ${seen.at(-1) ?? ''} in ${seen.length} of ${first.looks} looks, in none of ${second.looks} more`;
  });
  return { held: { ...first, relapses }, lapsed };
}

export interface ToldHold extends Omit<ConfirmOptions, 'signal'> {
  /** Names the step of the case. */
  readonly title: string;
  /** Labels of the count of relapses. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Holds and confirms as a step of the case, and tells it what was let go and how many relapses there were. Returns the hold
 * to judge, and the first as it was. @throws as `holdAndConfirm`.
 */
export async function holdForCase(
  ctx: CheckContext,
  { title, labels, ...options }: ToldHold,
): Promise<{ readonly held: Held; readonly first: Held }> {
  const seen = await ctx.step(title, () => holdAndConfirm({ ...options, signal: ctx.signal }));
  const { held, lapsed } = confirmed(seen);
  if (lapsed.length > 0) ctx.attach('relapses that a second hold did not confirm', lapsed.join('\n'));
  const relapses = [...seen.first.relapses.values()].reduce((sum, words) => sum + words.length, 0);
  ctx.measure('hold_relapses', relapses, 'count', labels);
  return { held, first: seen.first };
}
