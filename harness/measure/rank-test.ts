/** What the Mann-Whitney test says of two groups. */
export interface RankTest {
  /** Two-sided, exact: how often chance alone parts the same values at least this far. */
  readonly p: number;
  /** P(b > a) + P(b = a) / 2: 0.5 is no difference, 0 and 1 are complete separation. */
  readonly effect: number;
}

/** Rank sums of equal chance differ by rounding alone. */
const rounding = 1e-9;

/** Ranks from 2 on, doubled so that those of ties are whole: ties share the mean of their ranks. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value) + 1 + sorted.lastIndexOf(value) + 1);
}

/**
 * Returns for each sum how many ways there are to draw `size` of the ranks that add up to it: the distribution of the
 * rank sum where chance alone deals the ranks out, ties and all (Mann and Whitney 1947; Streitberg and Roehmel 1986).
 */
function waysPerSum(ranks: readonly number[], size: number): number[] {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  ways[0]?.fill(1, 0, 1);
  for (const rank of ranks) {
    for (let drawn = size; drawn > 0; drawn--) addShifted(ways[drawn], ways[drawn - 1], rank);
  }
  return [...(ways[size] ?? [])];
}

function addShifted(to: Float64Array | undefined, from: Float64Array | undefined, by: number): void {
  if (to === undefined || from === undefined) return;
  for (let sum = to.length - 1; sum >= by; sum--) to[sum] = (to[sum] ?? 0) + (from[sum - by] ?? 0);
}

/**
 * Returns the exact Mann-Whitney test of two independent groups: do values of `b` tend to be larger than those of `a`?
 * Time grows with the fourth power of the group size: 100 values a group take a second.
 * @throws RangeError when a group is empty.
 */
export function rankTest(a: readonly number[], b: readonly number[]): RankTest {
  if (a.length === 0 || b.length === 0) throw new RangeError('the rank test needs values in both groups');
  const ranks = doubledRanks([...a, ...b]);
  const size = b.length;
  const sum = ranks.slice(a.length).reduce((total, rank) => total + rank, 0);
  const expected = (ranks.reduce((total, rank) => total + rank, 0) * size) / ranks.length;
  const ways = waysPerSum(ranks, size);
  const distance = Math.abs(sum - expected) - rounding;
  const far = ways.reduce((count, at, index) => count + (Math.abs(index - expected) >= distance ? at : 0), 0);
  const all = ways.reduce((count, at) => count + at, 0);
  const wins = sum / 2 - (size * (size + 1)) / 2;
  return { p: Math.min(1, far / all), effect: wins / (a.length * size) };
}

/** Returns the least p that groups of these sizes can show: complete separation, either way round. */
export function leastP(sizeA: number, sizeB: number): number {
  let arrangements = 1;
  for (let i = 1; i <= sizeB; i++) arrangements = (arrangements * (sizeA + i)) / i;
  return Math.min(1, 2 / arrangements);
}

/**
 * Returns the fewest values a group with which one of `tests` tests can fall below `alpha` after Holm's correction; with
 * fewer, no difference however large is ever shown.
 */
export function fewestValues(tests: number, alpha: number): number {
  let size = 1;
  while (leastP(size, size) * tests > alpha) size++;
  return size;
}
