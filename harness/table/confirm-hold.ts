import { type Held, hold, type HoldOptions, type Look, relapsesThatFail } from './hold.ts';

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
  const suspects = suspectsOf(first);
  const certain = [...suspects].some((cell) => isBeyondDoubt(first, cell));
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
  const gone = [...suspectsOf(first)].filter((cell) => !second.relapses.has(cell));
  const relapses = new Map([...first.relapses].filter(([cell]) => !gone.includes(cell)));
  const lapsed = gone.map((cell) => {
    const seen = first.relapses.get(cell) ?? [];
    return `${cell}: ${seen.at(-1) ?? ''} in ${seen.length} of ${first.looks} looks, in none of ${second.looks} more`;
  });
  return { held: { ...first, relapses }, lapsed };
}

function suspectsOf({ relapses }: Held): ReadonlySet<string> {
  return new Set([...relapses].filter(([, seen]) => seen.length >= relapsesThatFail).map(([cell]) => cell));
}

function isBeyondDoubt({ relapses, looks }: Held, cell: string): boolean {
  return (relapses.get(cell)?.length ?? 0) >= beyondDoubt * looks;
}
