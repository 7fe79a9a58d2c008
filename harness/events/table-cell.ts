import { z } from 'zod';

/**
 * One cell of a table: who asked whom, what should be and what was seen. `result` is absent where that agrees;
 * `undecided`: the specification leaves it open; `inconclusive`: the tool could not tell. `reason` is an index into
 * `reasons` of the table.
 */
export const TableCell = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: z.int().min(0).max(65_535).optional(),
  protocol: z.string().optional(),
  /** How the target was addressed where that differs within a table: `pod`, `service`, `name`. */
  route: z.string().optional(),
  expected: z.string(),
  measured: z.string(),
  reason: z.int().nonnegative().optional(),
  result: z.enum(['differs', 'inconclusive', 'undecided']).optional(),
});
export type TableCell = z.infer<typeof TableCell>;

const TableColumn = TableCell.keyof();
const TableValue = z.union([z.string(), z.int(), z.null()]);

/** A table as a line of the log holds it: rows of values in the order of `columns`, null where a cell has none. */
export const tableShape = {
  title: z.string(),
  /** `{from}`, `{to}`, `{protocol}` and `{port}` stand for the cell's own; `{{` is `{`. */
  reasons: z.array(z.string()),
  columns: z.array(TableColumn),
  cells: z.array(z.array(TableValue)),
};
export type LoggedTable = Omit<z.infer<z.ZodObject<typeof tableShape>>, 'title'>;

/** Names as columns name them, for rows of a cell each: adds what is wrong with a row to the issues. */
export function checkCells({ value, issues }: { value: LoggedTable; issues: z.core.$ZodRawIssue[] }): void {
  value.cells.forEach((values, at) => {
    const cell = TableCell.safeParse(cellOf(value.columns, values));
    const reason = cell.data?.reason ?? 0;
    const known = cell.data?.reason === undefined || reason < value.reasons.length;
    const fits = values.length === value.columns.length;
    if (cell.success && known && fits) return;
    const why =
      cell.error === undefined
        ? 'it has another number of values than columns, or no such reason'
        : z.prettifyError(cell.error);
    issues.push({ code: 'custom', input: values, path: ['cells', at], message: `no cell: ${why}` });
  });
}

/** Returns the values of a row by the names of their columns. */
export function cellOf(columns: LoggedTable['columns'], values: readonly unknown[]): Record<string, unknown> {
  const named = columns.map((column, at) => [column, values[at]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== null && value !== undefined));
}
