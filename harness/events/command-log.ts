import { join } from 'node:path';
import { type ExitCode, describeError, exitCodeOf } from '../base/errors.ts';
import { packageRoot } from '../base/paths.ts';
import { ordealVersion } from '../base/version.ts';
import { CaseRecorder } from './case-recorder.ts';
import { exitCodeFor } from './exit-code.ts';
import { folderOf } from './fold.ts';
import { redactArgv } from './redact.ts';
import { type Command, type Emit, logVersion, type Outcome, type RunEvent } from './types.ts';
import { openLog } from './writer.ts';

/** A command other than `run`: what it does is one case of its log. */
export interface LoggedCommand {
  readonly command: Exclude<Command, 'run'>;
  readonly runId: string;
  /** Where `run.ndjson` goes; made where absent. */
  readonly folder: string;
  readonly argv: readonly string[];
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly area: string;
}

/** What a command came to; `reason` where it did not pass. */
export interface CommandEnd {
  readonly outcome: Outcome;
  readonly reason?: string;
}

/** What a command records while it works. */
export interface CommandRecorder extends CaseRecorder {
  /** Appends an event that is no case's, such as those of a fault. */
  readonly event: Emit;
  /** Marks a stretch of the work in the log. */
  phase<T>(phase: string, title: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Runs `work` and writes its log, which `ordeal report` renders; returns the exit code the log deserves. An error leaves
 * an inconclusive case and a log that ends with it, and is thrown again. @throws OrdealError USAGE where the folder
 * already holds a log.
 */
export async function logCommand(
  command: LoggedCommand,
  work: (recorder: CommandRecorder) => Promise<CommandEnd>,
): Promise<ExitCode> {
  const log = openLog(join(command.folder, 'run.ndjson'));
  const started = performance.now();
  const begun = startOf(command);
  const folder = folderOf(begun);
  const emit: typeof log.emit = (event) => {
    log.emit(event);
    folder.add({ ...event, at: begun.at });
  };
  const key = { id: command.id, ...(command.variant === undefined ? {} : { variant: command.variant }) };
  const finish = ({ outcome, reason }: CommandEnd, error?: unknown): ExitCode => {
    const ms = performance.now() - started;
    emit({ type: 'case.finished', ...key, outcome, baseline: 'as-expected', reason, ms });
    const exitCode = error === undefined ? exitCodeFor(folder.record(), { stillOpen: true }) : exitCodeOf(error);
    emit({ type: 'run.finished', exitCode, ms, ...(error === undefined ? {} : { error: describeError(error) }) });
    log.close();
    return exitCode;
  };
  log.emit(begun);
  const { title, area } = command;
  emit({ type: 'case.planned', ...key, title, area, tier: 'core', tags: [], needs: [] });
  emit({ type: 'case.started', ...key });
  try {
    return finish(await work(recorderOf(command, emit)));
  } catch (error) {
    finish({ outcome: 'inconclusive', reason: describeError(error) }, error);
    throw error;
  }
}

function startOf({ command, runId, argv }: LoggedCommand): Extract<RunEvent, { type: 'run.started' }> {
  const ordeal = ordealVersion(packageRoot);
  const at = new Date().toISOString();
  return { type: 'run.started', at, logVersion, runId, ordeal, command, argv: redactArgv(argv), imageSource: 'none' };
}

function recorderOf({ id, variant }: LoggedCommand, emit: ReturnType<typeof openLog>['emit']): CommandRecorder {
  const recorder = new CaseRecorder(id, emit, variant);
  const phase = async <T>(name: string, title: string, work: () => Promise<T>): Promise<T> => {
    emit({ type: 'phase', phase: name, title, edge: 'began' });
    try {
      return await work();
    } finally {
      emit({ type: 'phase', phase: name, title, edge: 'ended' });
    }
  };
  return Object.assign(recorder, { phase, event: emit });
}
