import { csv } from '../csv.ts';
import type { Comparison } from './model.ts';

const head = ['area', 'metric', 'labels', 'quantile', 'unit', 'better', 'subject', 'round', 'value', 'count'];

/** Returns every value of every round, a row each: what statistics programs read. */
export function comparisonCsv({ metrics }: Comparison): string {
  const rows = metrics.flatMap(({ area, metric, labels, quantile = '', unit, better, values }) => {
    const told = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const about = [area, metric, told.join(' '), quantile, unit, better];
    return values.map((one) => [...about, one.subject, one.round, String(one.value), String(one.count)]);
  });
  return csv([head, ...rows]);
}
