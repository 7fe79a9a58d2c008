import { InconclusiveError } from '../base/errors.ts';
import { describeEnd } from '../oracle/ends.ts';
import { unresponsivePods, isInconclusiveCell } from '../table/unresponsive-pods.ts';
import { explainCells } from './render.ts';
import { disagreements, type MeasuredCell } from './table.ts';

/**
 * A failure must be of the network: neither a broken probe nor a pod that does not answer even itself is one.
 * @throws InconclusiveError when all that stands against the oracle is of that kind, naming the pods that were too slow.
 */
export function refuseBrokenProbes(cells: readonly MeasuredCell[], cause: unknown): void {
  const wrong = disagreements(cells);
  const unresponsive = unresponsivePods(cells.map(compared));
  if (wrong.length === 0 || !wrong.every((cell) => isInconclusiveCell(compared(cell), unresponsive))) return;
  const names = new Set(
    cells.filter(({ expected }) => unresponsive.has(describeEnd(expected.from))).map(({ from }) => from),
  );
  const remedy = 'is the machine too busy? --concurrency 1 judges one case at a time';
  const slow = names.size === 0 ? '' : `${[...names].join(', ')} did not answer even itself in time (${remedy}); `;
  throw new InconclusiveError(`${slow}${explainCells(wrong)}`, { cause });
}

/** The cell as the oracle compares it. */
export const compared = ({ expected, measured }: MeasuredCell) => ({ cell: expected, measured: measured.verdict });
