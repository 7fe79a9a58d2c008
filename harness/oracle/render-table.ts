import type { ExpectedVerdict } from './types.ts';

/** One measured or expected cell, ready to print. */
export interface PrintedCell {
  readonly from: string;
  readonly to: string;
  /** `TCP 80` */
  readonly wire: string;
  readonly text: string;
}

const symbols: Record<ExpectedVerdict | 'inconclusive', string> = {
  open: '.',
  dropped: 'X',
  refused: 'R',
  unreachable: 'U',
  mixed: '~',
  inconclusive: '?',
};

export const legend = '. open  X dropped  R refused  U unreachable  ~ depends on the endpoint  ? inconclusive';

/** Returns the one-letter symbol of a verdict. */
export function symbolOf(verdict: ExpectedVerdict | 'inconclusive'): string {
  return symbols[verdict];
}

/**
 * Returns tables of sources (rows) by destinations (columns), one per port and protocol; ports with equal tables share
 * one. Rows and columns keep the order of the cells.
 */
export function renderTables(cells: readonly PrintedCell[]): string {
  const bodies = new Map<string, string[]>();
  for (const [wire, own] of Map.groupBy(cells, (cell) => cell.wire)) {
    const body = renderTable(own);
    bodies.set(body, [...(bodies.get(body) ?? []), wire]);
  }
  return [...bodies].map(([body, wires]) => `${wires.join(', ')}\n${body}\n`).join('\n');
}

function renderTable(cells: readonly PrintedCell[]): string {
  const columns = [...new Set(cells.map((cell) => cell.to))];
  const rows = [...Map.groupBy(cells, (cell) => cell.from)];
  const wide = columns.join('  ').length > 100;
  const headings = columns.map((name, at) => (wide ? String(at + 1) : name));
  const left = Math.max(...rows.map(([name]) => name.length));
  const width = (at: number) => Math.max(headings[at]?.length ?? 0, 3);
  const line = (name: string, texts: readonly string[]) =>
    `  ${name.padEnd(left)}  ${texts.map((text, at) => text.padEnd(width(at))).join(' ')}`.trimEnd();
  const body = rows.map(([name, own]) => {
    const byColumn = new Map(own.map((cell) => [cell.to, cell.text]));
    return line(
      name,
      columns.map((column) => byColumn.get(column) ?? ''),
    );
  });
  const key = wide ? columns.map((name, at) => `  ${at + 1} = ${name}`) : [];
  return [line('', headings), ...body, ...key].join('\n');
}
