import type { TableRow } from '../events/case-table.ts';
import { type Comparison, placeOf } from './compare-tables.ts';

/** Returns a comparison as a table of the log has it. */
export function rowsOfComparison(comparison: Comparison): TableRow[] {
  const differing = new Set(comparison.differing);
  const inconclusive = new Set(comparison.inconclusive);
  const open = new Set([...comparison.undecided, ...comparison.disputed]);
  return comparison.cells.map((it) => {
    const { cell, measured } = it;
    const route = cell.to.kind === 'service' ? 'service' : 'pod';
    const result = differing.has(it) ? 'differs' : inconclusive.has(it) ? 'inconclusive' : 'undecided';
    return {
      ...placeOf(cell),
      ...{ route, expected: cell.verdict, measured, reason: cell.reason.text },
      ...(differing.has(it) || inconclusive.has(it) || open.has(it) ? { result } : {}),
    };
  });
}

/** Returns what a comparison came to, as the case of a log does. */
export function endOfComparison({ cells, differing, inconclusive }: Comparison): {
  readonly outcome: 'passed' | 'failed' | 'inconclusive';
  readonly reason?: string;
} {
  const of = `of ${cells.length} cells`;
  if (differing.length > 0) return { outcome: 'failed', reason: `${differing.length} ${of} differ` };
  if (inconclusive.length === 0) return { outcome: 'passed' };
  return { outcome: 'inconclusive', reason: `${inconclusive.length} ${of} could not be measured` };
}
