import { reasonOfCell } from '../harness/events/case-table.ts';
import type { CaseTable } from '../harness/events/record.ts';

/** Returns rows as CSV (RFC 4180 quoting, line feeds). */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const head = ['from', 'to', 'port', 'protocol', 'route', 'expected', 'measured', 'result', 'reason'];

/** Returns a table as CSV, a row a cell. */
export function tableCsv(table: CaseTable): string {
  const rows = table.cells.map((cell) => {
    const { from, to, port, protocol = '', route = '', expected, measured, result = 'agrees' } = cell;
    const place = [from, to, port === undefined ? '' : String(port), protocol, route];
    return [...place, expected, measured, result, reasonOfCell(table, cell) ?? ''];
  });
  return csv([head, ...rows]);
}
