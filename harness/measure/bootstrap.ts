import type { Random } from './random.ts';
import { median, quantile } from './statistics.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly random: Random;
  /** Two-sided, 0 to 1. */
  readonly confidence: number;
  readonly resamples: number;
}

function resample(values: readonly number[], random: Random): number[] {
  return values.map(() => values[random.below(values.length)] ?? Number.NaN);
}

/**
 * Returns the percentile-bootstrap interval (Efron 1979) of `median(b) - median(a)`: positive means b is larger. Give
 * values of independent rounds, not samples within one, or the interval is too narrow. NaN where a group is empty.
 */
export function bootstrapDifference(a: readonly number[], b: readonly number[], options: BootstrapOptions): Interval {
  const { random, confidence, resamples } = options;
  const draw = () => median(resample(b, random)) - median(resample(a, random));
  const draws = Array.from({ length: resamples }, draw);
  const tail = (1 - confidence) / 2;
  return { low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
}

/**
 * Returns how far apart (in the values' unit) the medians of two groups of `sizes` are in 95 of 100 cases where both
 * are drawn from the same `values`: the noise floor, A against A.
 */
export function noiseFloor(
  values: readonly number[],
  sizes: readonly [number, number],
  options: BootstrapOptions,
): number {
  const { random, confidence, resamples } = options;
  const draw = (size: number) => median(Array.from({ length: size }, () => values[random.below(values.length)] ?? 0));
  const apart = Array.from({ length: resamples }, () => Math.abs(draw(sizes[0]) - draw(sizes[1])));
  return quantile(apart, confidence);
}
