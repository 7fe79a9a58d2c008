import { fewestValues } from '../measure/rank-test.ts';

/** How long and how often a visit measures. Figures of different profiles are under different loads. */
export interface Profile {
  readonly name: 'quick' | 'full';
  /** Before each load counts. */
  readonly warmUpMs: number;
  /** What each closed loop counts. */
  readonly loopMs: number;
  /** What each open-loop schedule lasts. */
  readonly latencyMs: number;
  /** Changes timed a visit, of each kind and direction. */
  readonly changes: number;
  readonly idleMs: number;
}

export const profiles = {
  quick: { name: 'quick', warmUpMs: 200, loopMs: 600, latencyMs: 2_000, changes: 2, idleMs: 2_000 },
  full: { name: 'full', warmUpMs: 1_000, loopMs: 5_000, latencyMs: 25_000, changes: 5, idleMs: 10_000 },
} as const satisfies Readonly<Record<string, Profile>>;

/** Series that a visit gives: each is a test a pair. */
const seriesPerVisit = 40;

/** Returns the fewest rounds with which a comparison of so many subjects can show anything, at least 5. */
export function roundsFor(subjects: number): number {
  const pairs = Math.max(1, (subjects * (subjects - 1)) / 2);
  return Math.max(5, fewestValues(seriesPerVisit * pairs, 0.05));
}
