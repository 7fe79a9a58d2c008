import { AssertionError } from 'chai';
import {
  describeError,
  ExplainedFailureError,
  UnexplainedFailureError,
  OrdealError,
  SkipError,
} from '../base/errors.ts';
import type { Outcome } from '../events/types.ts';

export interface CaseVerdict {
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly trace?: string;
  /** It failed otherwise than the baseline of this CNI says it will. */
  readonly unexplained?: true;
  /** Every cell of the failure is what the baseline says the CNI makes of the policies. */
  readonly explained?: true;
}

/**
 * Returns what an error thrown by a case means. Only an assertion or an expectation that did not settle speaks about
 * the network (`failed`); anything else means the tool broke (`inconclusive`).
 */
export function outcomeOf(error: unknown): CaseVerdict {
  if (error instanceof SkipError) return { outcome: 'skipped', reason: error.message };
  const trace = error instanceof Error ? error.stack : undefined;
  if (error instanceof AssertionError) return { outcome: 'failed', reason: error.message, trace };
  if (!(error instanceof OrdealError)) return { outcome: 'inconclusive', reason: describeError(error), trace };
  const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
  const outcome = error.code === 'NOT_SETTLED' ? 'failed' : 'inconclusive';
  const reason = `${error.code === 'NOT_SETTLED' ? error.message : describeError(error)}${remedy}`;
  return { outcome, reason, trace, ...explanationOf(error) };
}

function explanationOf(error: OrdealError): Pick<CaseVerdict, 'explained' | 'unexplained'> {
  if (error instanceof UnexplainedFailureError) return { unexplained: true };
  return error instanceof ExplainedFailureError ? { explained: true } : {};
}

/**
 * Returns what is left of a verdict when the tool has reasons to doubt what was measured: neither passed nor failed. What
 * was never measured is not in doubt.
 */
export function withDoubts(verdict: CaseVerdict, doubts: readonly string[]): CaseVerdict {
  if (doubts.length === 0 || (verdict.outcome !== 'passed' && verdict.outcome !== 'failed')) return verdict;
  const { outcome, reason, trace } = verdict;
  const said = [...doubts, `otherwise it had ${outcome}${reason === undefined ? '' : `: ${reason}`}`];
  return { outcome: 'inconclusive', reason: said.join('; '), ...(trace !== undefined && { trace }) };
}
