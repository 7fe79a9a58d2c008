import { isUnsettled, OrdealError } from '../base/errors.ts';
import { explainCells } from './render.ts';
import { disagreements, type MeasuredCell } from './table.ts';

/**
 * Returns the error of a step whose canary did not tell. What the policies do is in the whole table all the same, and
 * comes first: the canary's word alone would hide what a known failure is known for. Other errors are returned as they
 * are, as is the canary's where the table agrees.
 */
export function explainCanaryTimeout(title: string, cells: readonly MeasuredCell[], cause: unknown): unknown {
  const wrong = disagreements(cells);
  if (wrong.length === 0 || !isUnsettled(cause)) return cause;
  const message = `table after "${title}": ${explainCells(wrong)}; ${cause.message}`;
  return new OrdealError('NOT_SETTLED', message, { cause });
}
