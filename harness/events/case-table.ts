import { reasonTemplate, reasonText } from './reason-template.ts';
import { cellOf, type LoggedTable, TableCell } from './table-cell.ts';

/** One cell of a table with its reason in words. */
export type TableRow = Omit<TableCell, 'reason'> & { readonly reason?: string };

/** A table as reports read it. Reasons are templates: `reasonOfCell` says that of one cell. */
export interface CellTable {
  readonly reasons: readonly string[];
  readonly cells: readonly TableCell[];
}

/** Returns the rows as a table of the log: hundreds of cells share a handful of reasons. */
export function loggedTable(rows: readonly TableRow[]): LoggedTable {
  const places = new Map<string, number>();
  const placeOf = (reason: string): number => {
    const place = places.get(reason) ?? places.size;
    places.set(reason, place);
    return place;
  };
  const cells = rows.map(({ reason, ...cell }): TableCell => {
    return reason === undefined ? cell : { ...cell, reason: placeOf(reasonTemplate(reason, cell)) };
  });
  return { reasons: [...places.keys()], ...valuesOf(cells) };
}

/** Returns cells as rows of values, with the columns alone that one of them fills. */
export function valuesOf(cells: readonly TableCell[]): Pick<LoggedTable, 'columns' | 'cells'> {
  const columns = TableCell.keyof().options.filter((column) => cells.some((cell) => cell[column] !== undefined));
  return { columns, cells: cells.map((cell) => columns.map((column) => cell[column] ?? null)) };
}

/** Returns a table of the log with its cells by name. */
export function cellTable({ reasons, columns, cells }: LoggedTable): CellTable {
  return { reasons, cells: cells.map((values) => TableCell.parse(cellOf(columns, values))) };
}

/** Returns why a cell is expected to be as it is; undefined where the table does not say. */
export function reasonOfCell({ reasons }: Pick<CellTable, 'reasons'>, cell: TableCell): string | undefined {
  const template = cell.reason === undefined ? undefined : reasons[cell.reason];
  return template === undefined ? undefined : reasonText(template, cell);
}
