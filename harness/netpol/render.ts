import type { MeasuredCell } from './table.ts';

/** Returns the first disagreements in words, each with the oracle's reason: a failed cell explains itself. */
export function explainCells(wrong: readonly MeasuredCell[], most = 3): string {
  const lines = wrong
    .slice(0, most)
    .map(
      ({ from, to, port, protocol, expected, measured }) =>
        `${from} -> ${to} ${protocol} ${port}: measured ${measured.verdict}${measured.error === undefined ? '' : ` (${measured.error})`}, ` +
        `expected ${expected.reason.text}`,
    );
  const rest = wrong.length > most ? `; and ${wrong.length - most} more cells` : '';
  return `${wrong.length} cells differ: ${lines.join('; ')}${rest}`;
}
