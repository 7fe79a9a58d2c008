import type { PercentileName } from '../harness/measure/statistics.ts';

type Percentiles = Partial<Record<PercentileName, number>>;

const names: readonly PercentileName[] = ['p50', 'p90', 'p99', 'p99.9'];

/** Returns the heads of percentile columns: those that at least one row carries. */
export function percentileHeads(rows: readonly Percentiles[]): PercentileName[] {
  return names.filter((name) => rows.some((row) => row[name] !== undefined));
}

/** Returns the cells under `heads`; `-` where the row's count does not carry the percentile. */
export function percentileCells(
  heads: readonly PercentileName[],
  row: Percentiles,
  say: (value: number) => string,
): string[] {
  return heads.map((name) => {
    const value = row[name];
    return value === undefined ? '-' : say(value);
  });
}
