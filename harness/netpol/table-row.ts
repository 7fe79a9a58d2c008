import type { TableRow } from '../events/case-table.ts';
import type { Verdict } from '../probe/types.ts';
import { fulfils } from '../table/fulfils.ts';
import type { MeasuredCell } from './table.ts';

/** Returns a cell as a table of the log has it: what is disputed may go either way. */
export function rowOf({ from, to, route, port, protocol, expected, measured }: MeasuredCell): TableRow {
  const error = measured.error === undefined ? '' : ` (${measured.error})`;
  const result = resultOf(expected, measured.verdict);
  return {
    ...{ from, to, port, protocol, route, expected: expected.verdict, measured: `${measured.verdict}${error}` },
    ...(result === undefined ? {} : { result }),
    reason: expected.reason.text,
  };
}

function resultOf(expected: MeasuredCell['expected'], measured: Verdict): TableRow['result'] {
  if (fulfils(expected, measured)) return undefined;
  if (expected.disputed !== undefined || expected.verdict === 'undecided') return 'undecided';
  return measured === 'inconclusive' ? 'inconclusive' : 'differs';
}
