import { normalTail } from './statistics.ts';

export interface RankTest {
  /** Pairs (a, b) with a > b, ties counted half. */
  readonly u: number;
  /** Two-sided: how often chance alone parts two equal groups this far. */
  readonly p: number;
  /** P(a > b) + P(a = b) / 2: 0.5 means no difference, 0 and 1 complete separation. */
  readonly effect: number;
  /** `exact` counts all arrangements; `normal` approximates, corrected for ties and continuity. */
  readonly method: 'exact' | 'normal';
}

/** Up to this many values in both groups together, without ties, the distribution of U is counted out. */
const exactUpTo = 40;

function countWins(a: readonly number[], b: readonly number[]): number {
  const score = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  return a.reduce((sum, x) => sum + b.reduce((wins, y) => wins + score(x, y), 0), 0);
}

function tieSizes(values: readonly number[]): number[] {
  return [...Map.groupBy(values, (value) => value).values()].map((group) => group.length).filter((size) => size > 1);
}

/** Number of arrangements of n and m values for each U (Mann and Whitney 1947): Gaussian binomial coefficients. */
function arrangements(n: number, m: number): number[] {
  let counts = [1];
  for (let i = 1; i <= n; i++) counts = divide(multiply(counts, m + i), i);
  return counts;
}

/** Multiplies a polynomial by (1 - q^power). */
function multiply(counts: readonly number[], power: number): number[] {
  return Array.from({ length: counts.length + power }, (_, i) => (counts[i] ?? 0) - (counts[i - power] ?? 0));
}

/** Divides a polynomial by (1 - q^power); the division always comes out even here. */
function divide(counts: readonly number[], power: number): number[] {
  const quotient: number[] = [];
  counts.slice(0, counts.length - power).forEach((count, i) => quotient.push(count + (quotient[i - power] ?? 0)));
  return quotient;
}

/** Two-sided p of U between groups of n and m values without ties, by counting. */
export function exactP(u: number, n: number, m: number): number {
  const counts = arrangements(n, m);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const extreme = Math.min(u, n * m - u);
  const tail = counts.slice(0, extreme + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * tail) / total);
}

/** Two-sided p of U by the normal distribution, corrected for continuity and for ties of these sizes. */
export function normalP(u: number, n: number, m: number, ties: readonly number[]): number {
  const all = n + m;
  const tieTerm = ties.reduce((sum, size) => sum + size ** 3 - size, 0) / (all * (all - 1));
  const deviation = Math.sqrt(((n * m) / 12) * (all + 1 - tieTerm));
  if (!(deviation > 0)) return 1;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return Math.min(1, 2 * normalTail(distance / deviation));
}

/**
 * Returns the Mann-Whitney U test of two independent groups: do values of one tend to be larger? Throws RangeError
 * when a group is empty.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  if (a.length === 0 || b.length === 0) throw new RangeError('the Mann-Whitney test needs values in both groups');
  const u = countWins(a, b);
  const ties = tieSizes([...a, ...b]);
  const exact = ties.length === 0 && a.length + b.length <= exactUpTo;
  const p = exact ? exactP(u, a.length, b.length) : normalP(u, a.length, b.length, ties);
  return { u, p, effect: u / (a.length * b.length), method: exact ? 'exact' : 'normal' };
}
