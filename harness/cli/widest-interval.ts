import { benchDeclarations } from '../bench/declarations.ts';
import type { RunRecord } from '../events/record.ts';
import { compare, figuresOf } from '../../reports/compare/compare.ts';

/**
 * Returns the rate whose median is known least: half the width of its 95 % interval as a share of the median. Undefined
 * while one is of too few rounds. Width alone stops a comparison, never what it shows: that would find differences by chance.
 */
export function widestInterval(run: RunRecord): { readonly share: number; readonly of: string } | undefined {
  const figures = figuresOf([{ subject: '', chosen: false, run }], benchDeclarations);
  const rates = compare(figures).metrics.filter(({ unit }) => unit === 'per_second' || unit === 'bits_per_second');
  const widths = rates.flatMap(({ id, summaries }) =>
    summaries.map(({ subject, median, interval }) => {
      const share = interval === null ? Infinity : (interval.high - interval.low) / 2 / Math.abs(median);
      return { share, of: `${id} of ${subject}` };
    }),
  );
  const widest = widths.reduce<(typeof widths)[number] | undefined>(
    (most, one) => (most === undefined || one.share > most.share ? one : most),
    undefined,
  );
  return widest === undefined || widest.share === Infinity ? undefined : widest;
}
