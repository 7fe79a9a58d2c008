import { ExitCode } from '../harness/base/errors.ts';
import { exitCodeFor, leakedFaults, requiredFeatures } from '../harness/events/exit-code.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { plural } from './format.ts';
import { notJudged } from './not-judged.ts';
import { casesOf, countStandings } from './tally.ts';

export interface Verdict {
  readonly exitCode: ExitCode;
  readonly word:
    'CONFORMS' | 'MEASURED' | 'DOES NOT CONFORM' | 'USAGE ERROR' | 'SET-UP FAILED' | 'INCONCLUSIVE' | 'INTERRUPTED';
  /** One sentence saying what the word rests on. */
  readonly because: string;
}

const words: Readonly<Record<ExitCode, Verdict['word']>> = {
  [ExitCode.conforms]: 'CONFORMS',
  [ExitCode.doesNotConform]: 'DOES NOT CONFORM',
  [ExitCode.usage]: 'USAGE ERROR',
  [ExitCode.setupFailed]: 'SET-UP FAILED',
  [ExitCode.inconclusive]: 'INCONCLUSIVE',
  [ExitCode.interrupted]: 'INTERRUPTED',
};

const benchmarked = { word: 'MEASURED', because: 'The benchmark ran to its end; it judges no network.' } as const;

/** Returns what the run came to, with the exit code and one sentence of grounds. */
export function runConclusion(run: RunRecord): Verdict {
  const exitCode = exitCodeFor(run);
  if (run.command === 'benchmark' && exitCode === ExitCode.conforms) return { exitCode, ...benchmarked };
  return { exitCode, word: words[exitCode], because: grounds(run, exitCode) };
}

function grounds(run: RunRecord, exitCode: ExitCode): string {
  const counts = countStandings(run.cases);
  const passed = counts.passed + counts['unexpected-pass'];
  switch (exitCode) {
    case ExitCode.conforms:
      return [
        `${plural(passed, 'case')} passed${and(counts['known-failure'], 'failed as the baseline expects')}.`,
        notJudged(run),
      ]
        .filter((part) => part !== '')
        .join(' ');
    case ExitCode.doesNotConform:
      return shortcoming(run, counts.failed);
    case ExitCode.inconclusive:
      return openQuestion(run);
    case ExitCode.usage:
    case ExitCode.setupFailed:
    case ExitCode.interrupted:
      return run.finished?.error?.replace(/^ordeal: /, '') ?? failedStep(run);
  }
}

function shortcoming(run: RunRecord, failed: number): string {
  const missing = requiredFeatures(run, false).map(
    ({ feature, evidence }) => `${feature} is required and not there: ${evidence}`,
  );
  const said = failed === 0 ? [] : [`${plural(failed, 'case')} failed: the network did not do what the rules say`];
  return `${[...said, ...missing].join('; ')}.`;
}

function openQuestion(run: RunRecord): string {
  const undecided = casesOf(run, 'inconclusive', 'not-run');
  const leaked = leakedFaults(run).length;
  const reasons = [
    run.finished === undefined ? 'the log has no end: the run was killed or is still going' : '',
    undecided.length > 0 ? `${plural(undecided.length, 'case')} could not be decided` : '',
    ...requiredFeatures(run, 'undetermined').map(({ feature, evidence }) => `${feature} is required and ${evidence}`),
    leaked > 0 ? `${plural(leaked, 'fault')} may still be in place` : '',
  ].filter((reason) => reason !== '');
  return reasons.length > 0 ? `${reasons.join('; ')}.` : 'No case was executed, so nothing was shown.';
}

function failedStep(run: RunRecord): string {
  const step = run.steps.find((one) => one.outcome === 'failed');
  return step === undefined ? 'The run ended early.' : `${step.title}: ${step.error ?? 'failed'}`;
}

function and(count: number, what: string): string {
  return count === 0 ? '' : `, ${count} ${what}`;
}
