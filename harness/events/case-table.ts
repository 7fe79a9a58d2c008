import type { TableCell } from './case-events.ts';

/** One cell of a table with its reason in words. */
export type TableRow = Omit<TableCell, 'reason'> & { readonly reason?: string };

/** A table as the log holds it: cells, and each reason once. */
export interface CellTable {
  readonly reasons: string[];
  readonly cells: TableCell[];
}

/** Returns the rows as a table of the log: hundreds of cells share a handful of reasons. */
export function cellTable(rows: readonly TableRow[]): CellTable {
  const places = new Map<string, number>();
  const placeOf = (reason: string): number => {
    const place = places.get(reason) ?? places.size;
    places.set(reason, place);
    return place;
  };
  const cells = rows.map(({ reason, ...cell }): TableCell => {
    return reason === undefined ? cell : { ...cell, reason: placeOf(reason) };
  });
  return { reasons: [...places.keys()], cells };
}

/** Returns why a cell is expected to be as it is; undefined where the table does not say. */
export function reasonOfCell({ reasons }: Pick<CellTable, 'reasons'>, { reason }: TableCell): string | undefined {
  return reason === undefined ? undefined : reasons[reason];
}
