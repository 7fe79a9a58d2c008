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
  /** What each run of iperf3 lasts, its warm-up included: it takes whole seconds. */
  readonly iperfSeconds: number;
  /** Names asked for the first time. */
  readonly coldQueries: number;
  /** Changes timed a visit, of each kind and direction. */
  readonly changes: number;
  /** Services and policies that come and go while the agent's CPU is measured. */
  readonly churn: number;
  readonly idleMs: number;
  /** Not only those paths that tell networks apart. */
  readonly allPaths: boolean;
}

const quick: Profile = {
  name: 'quick',
  warmUpMs: 100,
  loopMs: 400,
  latencyMs: 1_000,
  iperfSeconds: 1,
  coldQueries: 120,
  changes: 1,
  churn: 8,
  idleMs: 1_000,
  allPaths: false,
};

const full: Profile = {
  name: 'full',
  warmUpMs: 1_000,
  loopMs: 3_000,
  latencyMs: 15_000,
  iperfSeconds: 5,
  coldQueries: 1_000,
  changes: 3,
  churn: 50,
  idleMs: 5_000,
  allPaths: true,
};

export const profiles = { quick, full } as const;

/** Series that a visit gives: each is a test a pair. */
const seriesPerVisit = { quick: 55, full: 105 } as const;

/** Returns the fewest rounds with which a comparison of so many subjects can show anything, at least 5. */
export function roundsFor(subjects: number, profile: Profile['name'] = 'quick'): number {
  const pairs = Math.max(1, (subjects * (subjects - 1)) / 2);
  return Math.max(5, fewestValues(seriesPerVisit[profile] * pairs, 0.05));
}
