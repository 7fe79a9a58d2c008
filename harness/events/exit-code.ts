import { ExitCode } from '../base/errors.ts';
import { executedCases, statusOf } from './record.ts';
import type { FaultEvent, RunRecord, CaseStatus } from './record.ts';

/**
 * Returns the exit code a run deserves, from its record alone: 130 interrupted; 1 when a case failed that no baseline
 * knows or a required feature is not there; 2 or 3 when the run ended with an error before it could judge; 4 when something stayed undecided (a case
 * inconclusive or never run, a fault left behind, a torn log, nothing executed); else 0. May be asked before
 * `run.finished` is written: then the log counts as whole.
 */
export function exitCodeFor(run: RunRecord, options: { stillOpen?: boolean } = {}): ExitCode {
  if (run.finished?.exitCode === ExitCode.interrupted) return ExitCode.interrupted;
  const statuses = new Set(run.cases.map(statusOf));
  if (statuses.has('failed') || requiredFeatures(run, false).length > 0) return ExitCode.doesNotConform;
  if (run.finished?.exitCode === ExitCode.usage) return ExitCode.usage;
  if (setupFailed(run)) return ExitCode.setupFailed;
  const torn = run.finished === undefined && options.stillOpen !== true;
  return torn || isUndecided(run, statuses) ? ExitCode.inconclusive : ExitCode.conforms;
}

/** True when the run broke by itself: it ended with an error, or a bring-up step failed and no case was judged. */
export function setupFailed(run: RunRecord): boolean {
  if (run.finished?.error !== undefined) return true;
  return executedCases(run).length === 0 && run.steps.some((step) => step.outcome === 'failed');
}

function isUndecided(run: RunRecord, statuses: ReadonlySet<CaseStatus>): boolean {
  return (
    statuses.has('inconclusive') ||
    statuses.has('not-run') ||
    requiredFeatures(run, 'undetermined').length > 0 ||
    executedCases(run).length === 0 ||
    leakedFaults(run).length > 0
  );
}

/** Returns the features that --require names and that were found so: not there, or undetermined. */
export function requiredFeatures(run: RunRecord, observed: false | 'undetermined') {
  return (run.environment?.features ?? []).filter((one) => one.required === true && one.observed === observed);
}

/** Returns the last words of faults that may still act: whatever was measured after them is in doubt. */
export function leakedFaults(run: RunRecord): FaultEvent[] {
  const last = new Map(run.faults.map((fault) => [fault.faultId, fault]));
  return [...last.values()].filter(({ phase }) => phase === 'leaked' || phase === 'not-reverted');
}

/** Returns the code that several runs in one command end with: the gravest, an interrupt before all. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  const { interrupted, doesNotConform, setupFailed: setup, usage, inconclusive, conforms } = ExitCode;
  const order = [interrupted, doesNotConform, setup, usage, inconclusive, conforms];
  return order.find((code) => codes.includes(code)) ?? ExitCode.inconclusive;
}
