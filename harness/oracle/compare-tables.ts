import type { Verdict } from '../probe/types.ts';
import { describeEnd } from './ends.ts';
import { renderTables, symbolOf, type PrintedCell } from './render-table.ts';
import type { Cell } from './types.ts';

/** A judged cell beside what the network did. */
export interface ComparedCell {
  readonly cell: Cell;
  readonly measured: Verdict;
}

/** `inconclusive` says nothing about the network; `disputed` may go either way without breaking the specification. */
export interface Comparison {
  readonly cells: readonly ComparedCell[];
  readonly differing: readonly ComparedCell[];
  readonly disputed: readonly ComparedCell[];
  readonly inconclusive: readonly ComparedCell[];
}

/** Returns how measured verdicts (in the order of `cells`) relate to the expected ones. */
export function compareTables(cells: readonly Cell[], measured: readonly Verdict[]): Comparison {
  const all = cells.map((cell, at) => ({ cell, measured: measured[at] ?? 'inconclusive' }));
  const inconclusive = all.filter((it) => it.measured === 'inconclusive');
  const apart = all.filter((it) => it.measured !== 'inconclusive' && !agrees(it));
  return {
    cells: all,
    differing: apart.filter((it) => it.cell.disputed === undefined),
    disputed: apart.filter((it) => it.cell.disputed !== undefined),
    inconclusive,
  };
}

/** A balanced Service may give any of its endpoints' verdicts. */
function agrees({ cell, measured }: ComparedCell): boolean {
  return cell.verdict === 'mixed' || cell.verdict === measured;
}

/** Returns the expected table in symbols. */
export function renderExpected(cells: readonly Cell[]): string {
  return renderTables(cells.map((cell) => printed(cell, symbolOf(cell.verdict))));
}

/** Returns the table of differences, `expected/measured` where they differ, then one line with the reason for each. */
export function renderComparison(comparison: Comparison, maxLines = 40): string {
  const table = renderTables(comparison.cells.map((it) => printed(it.cell, pairOf(it))));
  const lines = comparison.differing.map(({ cell, measured }) => {
    const { from, to, port, protocol, verdict, reason } = cell;
    return `${describeEnd(from)} -> ${describeEnd(to)} ${protocol} ${port}: expected ${verdict}, measured ${measured} (${reason.text})`;
  });
  const more = lines.length > maxLines ? [`... and ${lines.length - maxLines} more`] : [];
  return `${table}\n${[...lines.slice(0, maxLines), ...more, summary(comparison)].join('\n')}\n`;
}

function summary({ cells, differing, disputed, inconclusive }: Comparison): string {
  const parts = [`${cells.length} cells`, `${differing.length} differ`];
  if (disputed.length > 0) parts.push(`${disputed.length} differ where the specification leaves it open`);
  if (inconclusive.length > 0) parts.push(`${inconclusive.length} inconclusive`);
  return parts.join(', ');
}

function pairOf(it: ComparedCell): string {
  if (it.measured === 'inconclusive') return '?';
  const expected = symbolOf(it.cell.verdict);
  return agrees(it) ? symbolOf(it.measured) : `${expected}/${symbolOf(it.measured)}`;
}

function printed({ from, to, port, protocol }: Cell, text: string): PrintedCell {
  return { from: describeEnd(from), to: describeEnd(to), wire: `${protocol} ${port}`, text };
}
