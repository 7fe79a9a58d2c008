import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrdealError } from './errors.ts';

/**
 * Makes a folder that somebody named, and those above it. One by one: where a file system says "no such file" of what is to be
 * made in a folder that is there, as /proc does, Node's own recursive way never ends.
 * @throws OrdealError USAGE where it cannot be made, or is something else.
 */
export function makeFolder(path: string): void {
  try {
    make(path);
  } catch (cause) {
    throw new OrdealError('USAGE', `the folder ${path} cannot be made (${codeOf(cause)})`, {
      remedy: 'Choose a folder on a disk that can be written, with --out.',
      cause,
    });
  }
}

function make(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = codeOf(error);
    // Of a folder that is there, read-only or foreign file systems need not say so first.
    if (isFolder(path)) return;
    if (code !== 'ENOENT' || isFolder(dirname(path))) throw error;
    make(dirname(path));
    mkdirSync(path);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
