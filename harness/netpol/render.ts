import type { MeasuredCell } from './table.ts';

const symbols: Readonly<Record<string, string>> = {
  open: '.',
  dropped: 'X',
  refused: 'R',
  unreachable: 'U',
  malformed: 'M',
  unresolved: 'N',
  inconclusive: '?',
  mixed: '~',
};

/** Returns the text table of one view: a row per source, a column per destination, the four ports as one word. */
export function tableText(cells: readonly MeasuredCell[], view: 'expected' | 'measured' | 'diff'): string {
  const columns = [...new Set(cells.map((cell) => cell.to))];
  const rows = [...new Set(cells.map((cell) => cell.from))];
  const width = Math.max(...columns.map((name) => name.length), 4) + 1;
  const index = Map.groupBy(cells, (cell) => `${cell.from}>${cell.to}`);
  const word = (from: string, to: string) =>
    (index.get(`${from}>${to}`) ?? []).map((cell) => symbol(cell, view)).join('');
  const head = ''.padEnd(width) + columns.map((name) => name.padEnd(width)).join('');
  const body = rows.map((from) => from.padEnd(width) + columns.map((to) => word(from, to).padEnd(width)).join(''));
  const order = [...new Set(cells.map((cell) => `${cell.protocol} ${cell.port}`))].join(', ');
  return [`${view}; ports in order: ${order}`, legend, head, ...body].join('\n');
}

const legend =
  '. open  X dropped  R refused  U unreachable  M malformed  N unresolved  ? inconclusive or undecided  ~ mixed  = agrees';

function symbol({ expected, measured }: MeasuredCell, view: 'expected' | 'measured' | 'diff'): string {
  if (view !== 'measured' && expected.verdict === 'undecided') return symbols['inconclusive'] ?? '?';
  if (view === 'diff' && (expected.verdict === measured.verdict || expected.disputed !== undefined)) return '=';
  return symbols[view === 'expected' ? expected.verdict : measured.verdict] ?? '?';
}

/** Returns the first disagreements in words, each with the oracle's reason: a failed cell explains itself. */
export function explainCells(wrong: readonly MeasuredCell[], most = 3): string {
  const lines = wrong
    .slice(0, most)
    .map(
      ({ from, to, port, protocol, expected, measured }) =>
        `${from} -> ${to} ${protocol} ${port}: measured ${measured.verdict}${measured.error === undefined ? '' : ` (${measured.error})`}, ` +
        `expected ${expected.reason.text}`,
    );
  const rest = wrong.length > most ? `; and ${wrong.length - most} more cells` : '';
  return `${wrong.length} cells differ: ${lines.join('; ')}${rest}`;
}
