import { type Random, resample } from './random.ts';

/**
 * Returns the `p` quantile (0..1), interpolated between order statistics (Hyndman and Fan type 7, the default of R and
 * NumPy). NaN without values.
 */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** Returns the smallest of `values` that at least the share `q` (0..1) of them does not exceed: one that was measured. */
export function nearestRank(values: readonly number[], q: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)];
}

const percentileNames = [
  { name: 'p50', q: 0.5, samples: 1 },
  { name: 'p90', q: 0.9, samples: 100 },
  { name: 'p99', q: 0.99, samples: 1_000 },
  { name: 'p99.9', q: 0.999, samples: 10_000 },
] as const;
export type PercentileName = (typeof percentileNames)[number]['name'];

/** Returns the percentiles that `count` samples carry: ten lie beyond each, else it would be one outlier. */
export function printablePercentiles(count: number): { readonly name: PercentileName; readonly q: number }[] {
  return percentileNames.filter(({ samples }) => count >= samples).map(({ name, q }) => ({ name, q }));
}

/** Returns the median; NaN without values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Returns the arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly random: Random;
  /** Two-sided confidence, 0.95 unless said. */
  readonly confidence?: number;
  readonly rounds?: number;
  readonly statistic?: (values: readonly number[]) => number;
}

/**
 * Returns `statistic(b) - statistic(a)` (median unless said) with its percentile-bootstrap interval (Efron 1979):
 * positive means b is larger. Give per-run values, not single samples, or the interval is too narrow.
 */
export function bootstrapDifference(a: readonly number[], b: readonly number[], options: BootstrapOptions): Interval {
  const { random, confidence = 0.95, rounds = 2_000, statistic = median } = options;
  const draws = Array.from({ length: rounds }, () => statistic(resample(b, random)) - statistic(resample(a, random)));
  const tail = (1 - confidence) / 2;
  return { estimate: statistic(b) - statistic(a), low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
}

/** Standard normal upper tail, P(Z > z) for z >= 0 (Abramowitz and Stegun 26.2.17, error under 7.5e-8). */
export function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const polynomial = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return (polynomial * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
