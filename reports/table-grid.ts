import { reasonOfCell } from '../harness/events/case-table.ts';
import type { CaseRecord, CaseTable } from '../harness/events/record.ts';
import type { TableCell } from '../harness/events/table-cell.ts';

/** One view of a table: who asks down, who is asked across, the cells of each pair in the order of `wires`. */
export interface Grid {
  readonly route: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `TCP 80`; empty where cells name neither protocol nor port. */
  readonly wires: readonly string[];
  at(row: string, column: string): readonly TableCell[];
}

const longestHead = 24;
const mostColumns = 40;

/** Returns a table as grids, one per route; none where pairs are few or names too long for a head of a column. */
export function gridsOf({ cells }: Pick<CaseTable, 'cells'>): Grid[] {
  const grids = [...Map.groupBy(cells, ({ route }) => route ?? '')].map(([route, part]) => gridOf(route, part));
  const fits = grids.every(({ rows, columns }) => {
    return columns.length > 1 && columns.length <= mostColumns && columns.every(isShort) && rows.every(isShort);
  });
  return fits ? grids : [];
}

const isShort = (name: string): boolean => name.length <= longestHead;

function gridOf(route: string, cells: readonly TableCell[]): Grid {
  const byPair = Map.groupBy(cells, ({ from, to }) => `${from}\n${to}`);
  return {
    route,
    rows: [...new Set(cells.map(({ from }) => from))],
    columns: [...new Set(cells.map(({ to }) => to))],
    wires: [...new Set(cells.map(wireOf))].filter((wire) => wire !== ''),
    at: (row, column) => byPair.get(`${row}\n${column}`) ?? [],
  };
}

/** Returns what a cell was asked over: `TCP 80`. */
export function wireOf({ protocol, port }: TableCell): string {
  return [protocol, port].filter((part) => part !== undefined).join(' ');
}

const symbols: Readonly<Record<string, string>> = {
  open: '.',
  dropped: 'X',
  refused: 'R',
  unreachable: 'U',
  malformed: 'M',
  unresolved: 'N',
  reset: 'T',
  mixed: '~',
  inconclusive: '?',
  undecided: '?',
};

/** Returns one character for what was expected or measured; `#` for words that have none. */
export function symbolOf(said: string): string {
  return symbols[said.split(' ', 1).join()] ?? '#';
}

/** Returns what the symbols of a table mean, those alone that it uses: `. open  X dropped`. */
export function legendOf({ cells }: Pick<CaseTable, 'cells'>): string {
  const used = new Set(cells.flatMap(({ expected, measured }) => [symbolOf(expected), symbolOf(measured)]));
  const words = Object.entries(symbols).filter(([word, symbol]) => used.has(symbol) && word !== 'undecided');
  return [...words, ...(used.has('#') ? [['other, see below', '#']] : [])]
    .map(([word, symbol]) => `${symbol} ${word}`)
    .join('  ');
}

/** A cell that does not agree, in words. */
export interface Deviant {
  readonly cell: TableCell;
  readonly reason: string;
}

/** Returns the cells that differ, then the inconclusive ones; what the specification leaves open is neither. */
export function deviantsOf(table: CaseTable): Deviant[] {
  const of = (result: TableCell['result']) => table.cells.filter((cell) => cell.result === result);
  const deviants = [...of('differs'), ...of('inconclusive')];
  return deviants.map((cell) => ({ cell, reason: reasonOfCell(table, cell) ?? '' }));
}

/** True where a table shows a cell that differs or could not be measured. */
export function isDeviant(table: CaseTable): boolean {
  return table.cells.some(({ result }) => result === 'differs' || result === 'inconclusive');
}

/** Returns the tables of a case that show what went wrong. */
export function deviantTables(one: CaseRecord): CaseTable[] {
  return one.tables.filter(isDeviant);
}

/** Returns `x/a -> y/b TCP 80`. */
export function placeOf(cell: TableCell): string {
  return `${cell.from} -> ${cell.to} ${wireOf(cell)}`.trimEnd();
}
