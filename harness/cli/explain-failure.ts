import { describeError, OrdealError } from '../base/errors.ts';

/** Returns one paragraph a person can act on: what failed and the remedy; a stack trace only with ORDEAL_DEBUG set. */
export function explainFailure(error: unknown): string {
  const remedy = error instanceof OrdealError && error.remedy !== undefined ? `\n  ${error.remedy}` : '';
  const stack = process.env['ORDEAL_DEBUG'] !== undefined && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return `ordeal: ${describeError(error)}${remedy}${stack}`;
}
