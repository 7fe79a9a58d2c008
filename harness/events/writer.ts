import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError, OrdealError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import { RunEvent } from './types.ts';
import type { Emit } from './types.ts';

/**
 * An open run log. `emit` returns when the line has reached the kernel; `close` may be called more than once. Once the disk
 * has refused a line, which `emit` throws, later ones are dropped: clean-up must not stumble over each of them.
 */
export interface RunLog {
  readonly path: string;
  readonly emit: Emit;
  /** What the disk refused; undefined while the log is whole. */
  readonly failure: () => OrdealError | undefined;
  readonly close: () => void;
}

const createOnly = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

/**
 * Creates the append-only NDJSON log of one run (and its folder). Each event is one synchronous write of one line, so
 * a crash or SIGKILL can tear at most the last line. @throws OrdealError USAGE when a log is already there (a run never adds to
 * another's) or none can be made there, ENVIRONMENT when the disk is full or broken, and Error from `emit` for an event that no reader would accept.
 */
export function openLog(path: string, now: () => Date = () => new Date()): RunLog {
  const fd = create(path);
  let open = true;
  let failure: OrdealError | undefined;
  const emit: Emit = (event) => {
    if (!open) throw new Error(`event ${event.type} came after the run log ${path} was closed`);
    if (failure !== undefined) return;
    const line = lineOf({ ...event, at: now().toISOString() });
    failure = writeLine(fd, path, line);
    if (failure !== undefined) throw failure;
  };
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  return { path, emit, failure: () => failure, close };
}

function create(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, createOnly, 0o644);
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) {
      throw new OrdealError('USAGE', `creating the run log failed: ${path} already exists, and holds another run`, {
        remedy: 'Choose another folder with --out, or remove the old run.',
        cause,
      });
    }
    if (cause instanceof OrdealError) throw cause;
    throw isCode(cause, ...unwritable) ? notHere(path, cause) : diskError(path, cause);
  }
}

const unwritable = ['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

function notHere(path: string, cause: unknown): OrdealError {
  return new OrdealError('USAGE', `the run log ${path} cannot be made: ${describeError(cause)}`, {
    remedy: 'Choose a folder on a disk that can be written, with --out.',
    cause,
  });
}

/** Checked before it is written: JSON turns NaN into null, and one such line would make the whole log unreadable. */
function lineOf(event: unknown): string {
  return `${JSON.stringify(RunEvent.parse(event))}\n`;
}

/** Returns what kept the line from being written whole. */
function writeLine(fd: number, path: string, line: string): OrdealError | undefined {
  const bytes = Buffer.from(line);
  try {
    let written = writeSync(fd, bytes);
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    return undefined;
  } catch (cause) {
    return diskError(path, cause);
  }
}

function diskError(path: string, cause: unknown): OrdealError {
  return new OrdealError('ENVIRONMENT', `writing the run log ${path} failed: ${describeError(cause)}`, {
    remedy: 'Free space on that disk, or choose a writable folder with --out.',
    cause,
  });
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
