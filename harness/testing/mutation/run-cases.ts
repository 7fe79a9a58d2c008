import { setTimeout as pause } from 'node:timers/promises';
import { OrdealError } from '../../base/errors.ts';
import { loadRun } from '../../events/reader.ts';
import { reasonOf, statusOf, type RunRecord } from '../../events/record.ts';
import { begin } from '../ordeal-process.ts';
import type { CaseOutcome } from './judge.ts';

const lookMs = 500;

/** A run whose cases are over; its process may still be removing namespaces. */
export interface CasesRun {
  readonly cases: readonly CaseOutcome[];
  /** What ended the run before its cases were judged. */
  readonly error: string | undefined;
  readonly exited: Promise<number>;
}

export interface RunCases {
  readonly cluster: string;
  readonly include: readonly string[];
  /** With `include` empty: the core tier. */
  readonly out: string;
  /** File of timeouts; the defaults where none is given. */
  readonly timeouts?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs cases on a kept kind cluster through the command line, as a person would, and resolves as soon as each has its
 * verdict: what is left then (namespaces going away) can happen beside the next step. @throws OrdealError INTERRUPTED
 */
export async function runCases({ cluster, include, out, timeouts, signal }: RunCases): Promise<CasesRun> {
  signal.throwIfAborted();
  const patterns = include.flatMap((pattern) => ['--include', pattern]);
  const hurried = timeouts === undefined ? [] : ['--timeouts', timeouts];
  const running = begin('run', '--name', cluster, '--reuse', '--out', out, ...hurried, ...patterns);
  const over = new AbortController();
  const exited = running.ended.then(({ exitCode }) => {
    over.abort();
    return exitCode;
  });
  // Ctrl-C in a terminal reaches the child by itself, and a second one would keep it from cleaning up.
  const stop = () => (process.stdin.isTTY ? undefined : running.signal('SIGINT'));
  signal.addEventListener('abort', stop);
  const run = await untilJudged(out, over.signal);
  void exited.finally(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) {
    await exited;
    throw new OrdealError('INTERRUPTED', 'interrupted while cases ran');
  }
  const cases = (run?.cases ?? []).map((one) => ({ id: one.id, status: statusOf(one), reason: reasonOf(one) }));
  const error = isJudged(run) ? undefined : (run?.finished?.error ?? 'the run left no log');
  return { cases, error, exited };
}

/** Returns the log once all its cases are judged, or as it is when the process has ended. */
async function untilJudged(out: string, over: AbortSignal): Promise<RunRecord | undefined> {
  for (;;) {
    const isOver = over.aborted;
    const run = await loadRun(out).catch(() => undefined);
    if (isOver || isJudged(run)) return run;
    await pause(lookMs);
  }
}

function isJudged(run: RunRecord | undefined): boolean {
  return run !== undefined && run.cases.length > 0 && run.cases.every(({ result }) => result !== undefined);
}
