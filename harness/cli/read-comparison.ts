import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';
import { Comparison } from '../../reports/compare/model.ts';

/** Returns the comparison in a file that `ordeal compare` wrote. @throws OrdealError USAGE for anything else. */
export async function readComparison(file: string): Promise<Comparison> {
  const parsed = Comparison.safeParse(await jsonOf(file));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const why = first === undefined ? 'unknown' : z.prettifyError(new z.ZodError([first]));
  throw unreadable(file, `it is no comparison.json of this version: ${why}`);
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, describeError(cause), cause);
  }
}

function unreadable(file: string, why: string, cause?: unknown): OrdealError {
  return new OrdealError('USAGE', `reading the baseline ${file} failed: ${why}`, {
    remedy: 'Write one with `ordeal compare RUN... --out FOLDER`: it is FOLDER/comparison.json.',
    cause,
  });
}
