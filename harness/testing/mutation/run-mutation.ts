import { CleanupStack } from '../../base/cleanup.ts';
import { describeError, OrdealError } from '../../base/errors.ts';
import { globOf } from './glob.ts';
import { judge, type CaseOutcome, type Judgement, type MutationResult } from './judge.ts';
import type { Change, Mutation } from './types.ts';

/** What putting a mutation to the test needs of its surroundings. */
export interface Trial {
  /** Ids of all cases there are. */
  readonly caseIds: readonly string[];
  readonly plan: (mutation: Mutation) => Promise<readonly Change[]>;
  readonly words: (mutation: Mutation) => readonly string[];
  readonly run: (what: string, include: readonly string[]) => Promise<TrialRun>;
  /** Runs cases again after each undo; else only looks whether what was done is gone. */
  readonly verify: boolean;
}

export interface TrialRun {
  readonly cases: readonly CaseOutcome[];
  readonly error?: string | undefined;
}

/** The cluster is no longer what it was before a mutation: nothing that follows could be trusted. */
export class UndoError extends OrdealError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('CLUSTER', message, { ...options, remedy: 'Make a new cluster; results so far stand.' });
  }
}

const undoMs = 180_000;
const mostVerified = 3;

/**
 * Puts a mutation in, runs the cases that matter, takes it out whatever happened in between, and proves that it is out.
 * A mutation that cannot be put in is `broken`. @throws UndoError, or what `run` throws once everything is undone.
 */
export async function runMutation(mutation: Mutation, trial: Trial): Promise<MutationResult> {
  const { name } = mutation;
  const globs = [...mutation.mustFail, ...mutation.mustNotFail];
  const include = trial.caseIds.filter((id) => globs.some((glob) => globOf(glob).test(id)));
  const outcome = await whileMutated(mutation, trial, () => trial.run(name, include));
  if ('broken' in outcome) return { name, outcome: 'broken', why: outcome.broken };
  const judgement = judge(mutation, trial.words(mutation), outcome.run.cases);
  if (trial.verify) await verifyUndone(mutation, trial, judgement);
  const { error: why } = outcome.run;
  return { name, outcome: 'judged', judgement, ...(why === undefined ? {} : { why }) };
}

type Outcome = { readonly run: TrialRun } | { readonly broken: string };

async function whileMutated(mutation: Mutation, trial: Trial, work: () => Promise<TrialRun>): Promise<Outcome> {
  const cleanup = new CleanupStack({ timeoutMs: undoMs });
  let changes: readonly Change[] = [];
  try {
    try {
      changes = await trial.plan(mutation);
      for (const change of changes) {
        cleanup.defer(change.title, () => change.undo());
        await change.apply();
      }
    } catch (error) {
      return { broken: `could not be put in: ${describeError(error)}` };
    }
    return { run: await work() };
  } finally {
    await takeOut(mutation.name, cleanup, changes);
  }
}

/** @throws UndoError naming what is left. */
async function takeOut(name: string, cleanup: CleanupStack, changes: readonly Change[]): Promise<void> {
  await cleanup.run().catch((cause: unknown) => {
    throw new UndoError(`mutation ${name} could not be taken out`, { cause });
  });
  for (const change of changes) {
    if (!(await change.isGone()))
      throw new UndoError(`mutation ${name} was taken out, but of "${change.title}" something is left`);
  }
}

/** What failed has to pass again; where nothing failed, a case that should have. @throws UndoError */
async function verifyUndone(mutation: Mutation, trial: Trial, { failedAsTheyMust }: Judgement): Promise<void> {
  const first = trial.caseIds.filter((id) => mutation.mustFail.some((glob) => globOf(glob).test(id))).slice(0, 1);
  const failed = failedAsTheyMust.map(({ id }) => id).slice(0, mostVerified);
  const { cases, error } = await trial.run(`${mutation.name}-undone`, failed.length > 0 ? failed : first);
  const bad = cases.filter(({ status }) => status === 'failed' || status === 'inconclusive');
  if (bad.length === 0 && error === undefined) return;
  const said = [...bad.map(({ id, reason }) => `${id}: ${reason}`), error ?? ''].join('; ').slice(0, 600);
  throw new UndoError(`mutation ${mutation.name} was taken out, but the cluster is not what it was: ${said}`);
}
