import type { CaseTable } from '../harness/events/record.ts';
import { plural, textTable } from './format.ts';
import { deviantsOf, gridsOf, isDeviant, legendOf, placeOf, symbolOf } from './table-grid.ts';
import type { Grid } from './table-grid.ts';

/**
 * Returns a table as text: grids where it has them, with the measured symbol where cells agree and `expected>measured`
 * where they do not; then one line with the reason for each cell that does not.
 */
export function tableText(table: CaseTable, mostLines = 40): string {
  const grids = gridsOf(table);
  const legend = grids.length === 0 ? [] : [`${legendOf(table)}  X>. expected X, measured .`];
  return [headOf(table), ...grids.map(gridText), ...legend, ...linesOf(table, grids.length === 0, mostLines)].join(
    '\n',
  );
}

/** Returns `after "deny all": 2 of 9 cells differ`. */
export function headOf({ title, cells }: CaseTable): string {
  const count = (result: string) => cells.filter((cell) => cell.result === result).length;
  const undecided = count('undecided');
  const parts = [
    `${count('differs')} of ${plural(cells.length, 'cell')} differ`,
    ...(count('inconclusive') > 0 ? [`${count('inconclusive')} could not be measured`] : []),
    ...(undecided > 0 ? [`${undecided} left open by the specification`] : []),
  ];
  return `${title}: ${parts.join(', ')}`;
}

function gridText(grid: Grid): string {
  const { route, rows, columns, wires } = grid;
  const cell = (row: string, column: string): string =>
    grid
      .at(row, column)
      .map(({ expected, measured, result }) =>
        result === 'differs' || result === 'inconclusive'
          ? `${symbolOf(expected)}>${symbolOf(measured)}`
          : symbolOf(measured),
      )
      .join('');
  const order = wires.length > 1 ? [`in order: ${wires.join(', ')}`] : wires;
  const said = [...(route === '' ? [] : [`by ${route}`]), ...order].join('; ');
  const body = textTable([
    ['', ...columns],
    ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))]),
  ]);
  return said === '' ? body : `${said}\n${body}`;
}

function linesOf(table: CaseTable, all: boolean, most: number): string[] {
  const deviants = deviantsOf(table).map(({ cell, reason }) => {
    const why = reason === '' ? '' : ` (${reason})`;
    return `${placeOf(cell)}: expected ${cell.expected}, measured ${cell.measured}${why}`;
  });
  const others = all && !isDeviant(table) ? table.cells.map((cell) => `${placeOf(cell)}: ${cell.measured}`) : [];
  const lines = [...deviants, ...others];
  const hidden = lines.length - most;
  return [...lines.slice(0, most), ...(hidden > 0 ? [`... and ${hidden} more cells, all in run.ndjson`] : [])];
}
