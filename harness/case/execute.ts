import { setTimeout as pause } from 'node:timers/promises';
import { describeError, InconclusiveError, OrdealError } from '../base/errors.ts';
import type { Emit } from '../events/types.ts';
import { outcomeOf, withDoubts, type CaseVerdict } from './outcome.ts';
import type { CaseContext, CaseDefinition } from './types.ts';

/** A context and what undoes everything the case made. */
export interface OpenedContext {
  readonly ctx: CaseContext;
  close(passed: boolean): Promise<void>;
  /** Why what the case measured cannot be trusted, known once it is closed: a fault of it did not last, or stayed. */
  doubts(): readonly string[];
}
export type OpenContext = (one: CaseDefinition, signal: AbortSignal) => Promise<OpenedContext>;

export interface ExecuteOptions {
  readonly openContext: OpenContext;
  readonly emit: Emit;
  readonly caseMs: number;
  /** How long the body of a case that was given up may take to end, before what it made is undone under it. */
  readonly unwindMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs one case inside its deadline and undoes what it made. Returns its verdict; never throws. A case that outlives
 * `caseMs` is inconclusive, not failed: nobody knows what the network would have done.
 */
export async function executeCase(one: CaseDefinition, options: ExecuteOptions): Promise<CaseVerdict> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const failed = (error: unknown): CaseVerdict =>
    options.signal.aborted ? { outcome: 'skipped', reason: 'interrupted while running' } : outcomeOf(error);
  let opened: OpenedContext;
  try {
    opened = await options.openContext(one, signal);
  } catch (error) {
    return failed(error);
  }
  const passed: CaseVerdict = { outcome: 'passed' };
  const run = async () => withinDeadline(one.run(opened.ctx), options, stop);
  const verdict = await run().then(() => passed, failed);
  await opened.close(verdict === passed).catch((error: unknown) => {
    options.emit({ type: 'note', level: 'warning', message: `clean-up after ${one.id}: ${describeError(error)}` });
  });
  return withDoubts(verdict, opened.doubts());
}

async function withinDeadline(work: Promise<void>, options: ExecuteOptions, stop: AbortController): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    stop.abort();
    late.reject(new InconclusiveError(`the case was still running after ${options.caseMs} ms`));
  }, options.caseMs);
  const interrupt = () => late.reject(new OrdealError('INTERRUPTED', 'the run was interrupted'));
  options.signal.addEventListener('abort', interrupt, { once: true });
  try {
    await Promise.race([work, late.promise]);
  } catch (error) {
    await untilUnwound(work, options.unwindMs);
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', interrupt);
  }
}

/** A body that hears its signal ends soon; one that does not is left to a context that lets it change nothing more. */
async function untilUnwound(work: Promise<void>, unwindMs: number): Promise<void> {
  const given = new AbortController();
  const bound = pause(unwindMs, undefined, { signal: given.signal });
  await Promise.race([work.catch(() => undefined), bound]);
  given.abort();
  await bound.catch(() => undefined);
}
