import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeError, OrdealError } from '../base/errors.ts';
import { RunEvent } from './types.ts';
import type { Emit } from './types.ts';

/** An open run log. `emit` returns when the line has reached the kernel; `close` may be called more than once. */
export interface RunLog {
  readonly path: string;
  readonly emit: Emit;
  readonly close: () => void;
}

const createOnly = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

/**
 * Creates the append-only NDJSON log of one run (and its folder). Each event is one synchronous write of one line, so
 * a crash or SIGKILL can tear at most the last line. @throws OrdealError USAGE when a log is already there (a run never adds to
 * another's), ENVIRONMENT when the disk refuses, and Error from `emit` for an event that no reader would accept.
 */
export function openLog(path: string, now: () => Date = () => new Date()): RunLog {
  const fd = create(path);
  let open = true;
  const emit: Emit = (event) => {
    if (!open) throw new Error(`event ${event.type} came after the run log ${path} was closed`);
    writeLine(fd, path, lineOf({ ...event, at: now().toISOString() }));
  };
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  return { path, emit, close };
}

function create(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, createOnly, 0o644);
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) {
      throw new OrdealError('USAGE', `creating the run log failed: ${path} already exists, and holds another run`, {
        remedy: 'Choose another folder with --out, or remove the old run.',
        cause,
      });
    }
    throw diskError(path, cause);
  }
}

/** Checked before it is written: JSON turns NaN into null, and one such line would make the whole log unreadable. */
function lineOf(event: unknown): string {
  return `${JSON.stringify(RunEvent.parse(event))}\n`;
}

function writeLine(fd: number, path: string, line: string): void {
  const bytes = Buffer.from(line);
  try {
    let written = writeSync(fd, bytes);
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  } catch (cause) {
    throw diskError(path, cause);
  }
}

function diskError(path: string, cause: unknown): OrdealError {
  return new OrdealError('ENVIRONMENT', `writing the run log ${path} failed: ${describeError(cause)}`, {
    remedy: 'Free space on that disk, or choose a writable folder with --out.',
    cause,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
