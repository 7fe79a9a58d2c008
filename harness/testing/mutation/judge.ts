import { globOf } from './glob.ts';
import type { Mutation } from './types.ts';

/** A case of a run under a mutation, as the log has it. */
export interface CaseOutcome {
  readonly id: string;
  /** As reports have it: passed, failed, inconclusive, known-failure, unsupported, skipped, not-run, ... */
  readonly status: string;
  readonly reason: string;
}

/**
 * `named`: a case that had to fail failed, none that must not, and a reason tells the kind. `detected`: the same, but no
 * reason tells the kind. `overreached`: a case that must not fail did. `missed`: none that had to fail failed.
 * `inconclusive`: missed, and a case that had to fail came to no verdict.
 */
export type Verdict = 'named' | 'detected' | 'overreached' | 'inconclusive' | 'missed';

export interface Judgement {
  readonly verdict: Verdict;
  readonly failedAsTheyMust: readonly CaseOutcome[];
  readonly failedAgainstTheRule: readonly CaseOutcome[];
  readonly undecided: readonly CaseOutcome[];
}

/** Returns what the cases say about a mutation; `words` are its kind with the names of the pair filled in. */
export function judge(
  mutation: Pick<Mutation, 'mustFail' | 'mustNotFail'>,
  words: readonly string[],
  cases: readonly CaseOutcome[],
): Judgement {
  const among = (globs: readonly string[], status: string) =>
    cases.filter((one) => one.status === status && globs.some((glob) => globOf(glob).test(one.id)));
  const failedAsTheyMust = among(mutation.mustFail, 'failed');
  const failedAgainstTheRule = among(mutation.mustNotFail, 'failed');
  const undecided = cases.filter(({ status }) => status === 'inconclusive' || status === 'not-run');
  const blind = ['inconclusive', 'not-run'].some((status) => among(mutation.mustFail, status).length > 0);
  const verdict = verdictOf(failedAsTheyMust, failedAgainstTheRule, { words, blind });
  return { verdict, failedAsTheyMust, failedAgainstTheRule, undecided };
}

function verdictOf(
  rightly: readonly CaseOutcome[],
  wrongly: readonly CaseOutcome[],
  { words, blind }: { words: readonly string[]; blind: boolean },
): Verdict {
  if (rightly.length === 0) return blind ? 'inconclusive' : 'missed';
  if (wrongly.length > 0) return 'overreached';
  return rightly.some(({ reason }) => tellsKind(reason, words)) ? 'named' : 'detected';
}

function tellsKind(reason: string, words: readonly string[]): boolean {
  const said = reason.toLowerCase();
  return words.some((word) => said.includes(word.toLowerCase()));
}

/** What became of one mutation; `why` says what ended its run early, or why it was not put in or not taken out. */
export type MutationResult =
  | { readonly name: string; readonly outcome: 'judged'; readonly judgement: Judgement; readonly why?: string }
  | { readonly name: string; readonly outcome: 'broken' | 'not-applicable'; readonly why: string };

export interface Score {
  /** Mutations that were put in and judged, or could not be put in or taken out. */
  readonly total: number;
  /** Named ones included. */
  readonly detected: number;
  readonly named: number;
  /** Names of mutations that had to be named and were not even detected, or that could not be tried. */
  readonly failed: readonly string[];
}

/** Adds up the results; `isOptional` tells which may be missed. What does not apply to the cluster does not count. */
export function score(results: readonly MutationResult[], isOptional: (name: string) => boolean): Score {
  const tried = results.filter(({ outcome }) => outcome !== 'not-applicable');
  const verdicts = tried.map((one) => ({
    name: one.name,
    verdict: one.outcome === 'judged' ? one.judgement.verdict : one.outcome,
  }));
  const named = verdicts.filter(({ verdict }) => verdict === 'named').length;
  const detected = verdicts.filter(({ verdict }) => verdict === 'named' || verdict === 'detected').length;
  const bad = verdicts.filter(
    ({ name, verdict }) => verdict === 'broken' || (!isDetected(verdict) && !isOptional(name)),
  );
  return { total: tried.length, detected, named, failed: bad.map(({ name }) => name) };
}

const isDetected = (verdict: string) => verdict === 'named' || verdict === 'detected';
