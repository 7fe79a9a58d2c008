import { cellKey, type CellPlace, type ExpectedTable, type Matrix } from './matrix.ts';
import { fulfils } from './fulfils.ts';
import { seenListening } from './seen-listening.ts';
import { legend, renderDifference } from './matrix-text.ts';
import type { Verdict } from '../probe/types.ts';
import { describeEnd } from '../oracle/ends.ts';
import { type ComparedCell, unresponsivePods, isInconclusiveCell } from './unresponsive-pods.ts';
import type { Attempt, Cell } from '../oracle/types.ts';

/** `inconclusive` says nothing about the network; `disputed` may go either way without breaking the specification. */
export interface Comparison {
  readonly cells: readonly ComparedCell[];
  /** Pods that do not answer even themselves, `x/a`; what is silent from or to them is inconclusive. */
  readonly mute: readonly string[];
  readonly differing: readonly ComparedCell[];
  readonly disputed: readonly ComparedCell[];
  /** Cells of which the API leaves open what they should be: they neither agree nor differ. */
  readonly undecided: readonly ComparedCell[];
  readonly inconclusive: readonly ComparedCell[];
}

/** Returns how measured verdicts (in the order of `cells`) relate to the expected ones. */
export function compareTables(cells: readonly Cell[], measured: readonly Verdict[]): Comparison {
  const raw = cells.map((cell, at): ComparedCell => ({ cell, measured: measured[at] ?? 'inconclusive' }));
  const mute = unresponsivePods(raw);
  const listens = seenListening(raw);
  const saysNothing = (it: ComparedCell) => isInconclusiveCell(it, mute) || !listens(it);
  const all = raw.map((it): ComparedCell => (saysNothing(it) ? { ...it, measured: 'inconclusive' } : it));
  const inconclusive = all.filter((it) => it.measured === 'inconclusive' && it.cell.verdict !== 'undecided');
  const undecided = all.filter((it) => it.cell.verdict === 'undecided');
  const apart = all.filter((it) => it.measured !== 'inconclusive' && it.cell.verdict !== 'undecided' && !agrees(it));
  return {
    cells: all,
    mute: [...mute],
    differing: apart.filter((it) => it.cell.disputed === undefined),
    disputed: apart.filter((it) => it.cell.disputed !== undefined),
    undecided,
    inconclusive,
  };
}

const agrees = ({ cell, measured }: ComparedCell) => fulfils(cell, measured);

/** Returns where an attempt stands in a table of probes. */
export function placeOf({ from, to, port, protocol }: Attempt): CellPlace {
  return { from: describeEnd(from), to: describeEnd(to), port, protocol };
}

function plain({ verdict }: Cell): Verdict {
  return verdict === 'mixed' || verdict === 'undecided' ? 'inconclusive' : verdict;
}

/** Returns the table of differences, then one line with the reason for each, then the counts. */
export function comparisonText(comparison: Comparison, maxLines = 40): string {
  const { expected, measured } = asTables(comparison);
  const lines = comparison.differing.map(({ cell, measured: got }) => {
    return `${cellKey(placeOf(cell))}: expected ${cell.verdict}, measured ${got} (${cell.reason.text})`;
  });
  const more = lines.length > maxLines ? [`... and ${lines.length - maxLines} more`] : [];
  const table = renderDifference(expected, measured);
  return `${[table, legend, ...lines.slice(0, maxLines), ...more, summary(comparison)].join('\n')}\n`;
}

/** Cells that may go either way count as they were measured. */
function asTables({ cells }: Comparison): { expected: ExpectedTable; measured: Matrix } {
  const rows = cells.map((it) => {
    const place = placeOf(it.cell);
    const lenient = it.cell.verdict !== 'undecided' && (agrees(it) || it.cell.disputed !== undefined);
    const expected = lenient ? it.measured : plain(it.cell);
    return { key: cellKey(place), expected, cell: { ...place, result: { verdict: it.measured, elapsedUs: 0 } } };
  });
  const expected = new Map(rows.map((row) => [row.key, row.expected]));
  return { expected, measured: { cells: new Map(rows.map((row) => [row.key, row.cell])), ms: 0 } };
}

function summary({ cells, mute, differing, disputed, undecided, inconclusive }: Comparison): string {
  const parts = [`${cells.length} cells`, `${differing.length} differ`];
  if (disputed.length > 0) parts.push(`${disputed.length} differ where the specification leaves it open`);
  if (undecided.length > 0) parts.push(`${undecided.length} undecided by the specification`);
  if (inconclusive.length > 0) parts.push(`${inconclusive.length} inconclusive`);
  if (mute.length > 0) parts.push(`${mute.join(', ')} did not answer even itself`);
  return parts.join(', ');
}
