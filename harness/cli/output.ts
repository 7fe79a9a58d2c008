import { once } from 'node:events';

/** Takes text for the person or program that asked; a promise holds the writer until there is room. */
export type Write = (text: string) => void | Promise<void>;

/** Whoever read standard output has left (`| head`): nothing more need be computed for it. */
export class OutputClosedError extends Error {
  /** What a shell says of a program that SIGPIPE ended. */
  static readonly exitCode = 141;
}

let closed = false;

/** Takes errors of standard output: that its reader left is none of a run, which still has its cluster to take down. */
export function noteOutputError(error: unknown): void {
  if (!isClosedPipe(error)) throw error;
  closed = true;
}

/** Narration that nobody reads any more is no error of a run either. */
export function noteErrorsOutputError(error: unknown): void {
  if (!isClosedPipe(error)) throw error;
}

/**
 * Writes to standard output, no faster than it is read.
 * @throws OutputClosedError once nobody reads it.
 */
export async function toStdout(text: string): Promise<void> {
  if (closed) throw new OutputClosedError('nobody reads standard output any more');
  if (process.stdout.write(text)) return;
  try {
    await once(process.stdout, 'drain');
  } catch (cause) {
    throw isClosedPipe(cause) ? new OutputClosedError('nobody reads standard output any more', { cause }) : cause;
  }
}

function isClosedPipe(error: unknown): boolean {
  // EIO: the terminal is gone.
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'EIO');
}

/** Writes to standard error. */
export function toStderr(text: string): void {
  process.stderr.write(text);
}
