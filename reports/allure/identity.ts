import { createHash } from 'node:crypto';
import type { CaseRecord } from '../../harness/events/record.ts';

/** Returns a UUID-shaped name made from its parts: rendering a log twice writes the same files. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = digest('sha256', parts);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** Returns what names a case in every run: the id alone for the plain one, so that its history goes on. */
export function keyOf({ id, variant }: Pick<CaseRecord, 'id' | 'variant'>): string {
  return variant === '' ? id : `${id}\n${variant}`;
}

/** Returns the 32 hex digits Allure expects of a testCaseId or historyId. */
export function allureId(...parts: readonly string[]): string {
  return digest('md5', parts);
}

function digest(algorithm: string, parts: readonly string[]): string {
  return createHash(algorithm).update(parts.join('\n')).digest('hex');
}
