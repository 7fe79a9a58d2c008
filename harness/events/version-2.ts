import { z } from 'zod';
import { valuesOf } from './case-table.ts';
import { escapeReason } from './reason-template.ts';
import { TableCell } from './table-cell.ts';

const Table = z.looseObject({
  type: z.literal('case.table'),
  reasons: z.array(z.string()),
  cells: z.array(TableCell),
});
const Started = z.looseObject({ type: z.literal('run.started') });

/**
 * Returns an event of a version 2 log in today's form, and anything that is no such event as it is: the reader says then
 * what is wrong with it. Cells of its tables were objects, and reasons named every pod in full.
 */
export function fromVersion2(event: unknown): unknown {
  const started = Started.safeParse(event);
  if (started.success) return { ...started.data, logVersion: 3 };
  const table = Table.safeParse(event);
  if (!table.success) return event;
  const { reasons, cells, ...rest } = table.data;
  return { ...rest, reasons: reasons.map(escapeReason), ...valuesOf(cells) };
}
