import { type Random, shuffled } from '../measure/random.ts';

/** One subject's turn to be measured. */
export interface Turn {
  readonly subject: string;
  /** From 1. */
  readonly round: number;
  /** Cost curves are measured, after all rounds of the metrics. */
  readonly curves?: true;
}

/**
 * Returns whose turn it is when: every subject once a round, in an order drawn anew for each, so that what drifts on the
 * machine (its heat, its neighbours, the time of day) meets all of them alike.
 */
export function turnsOf(subjects: readonly string[], rounds: number, random: Random): Turn[] {
  return Array.from({ length: rounds }, (_, index) =>
    shuffled(subjects, random).map((subject) => ({ subject, round: index + 1 })),
  ).flat();
}

/** Returns names for subjects so that each is one: a second `calico` is `calico-2`, A against A. */
export function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}
