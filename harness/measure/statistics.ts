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
