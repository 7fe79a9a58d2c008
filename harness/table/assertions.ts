import { expect } from 'chai';

const shown = 5;

/** Returns how many of a kind there are (`6 path(s)`), and the first of them. */
export function shortList(lines: readonly string[], of: string): string {
  return `${lines.length} ${of}: ${lines.slice(0, shown).join('; ')}${lines.length > shown ? '; ...' : ''}`;
}

/**
 * Each line says what was seen in the field's words: from where, to where, over what, the value and its limit.
 * @throws AssertionError with how many there are and the first of them, where there are any.
 */
export function assertNone(lines: readonly string[], what: string): void {
  if (lines.length > 0) expect.fail(`${what}: ${shortList(lines, 'found')}`);
}

/** @throws AssertionError with that line, where there is one. */
export function assertNoDifference(line: string | undefined): void {
  if (line !== undefined) expect.fail(line);
}

/** @throws AssertionError with both lists in full, where they are not the same in the same order. */
export function assertSame<T extends string | number>(seen: readonly T[], wanted: readonly T[], what: string): void {
  const same = seen.length === wanted.length && seen.every((one, index) => one === wanted[index]);
  if (!same) expect.fail(`${what}: ${listed(seen)}; wanted ${listed(wanted)}`);
}

const listed = (names: readonly (string | number)[]) => (names.length === 0 ? 'none' : names.join(', '));
