import type { Verdict } from '../probe/types.ts';
import { describeEnd } from '../oracle/ends.ts';
import type { Cell } from '../oracle/types.ts';

/** A judged cell beside what the network did. */
export interface ComparedCell {
  readonly cell: Cell;
  readonly measured: Verdict;
}

/**
 * Returns the pods (`x/a`) that do not answer even themselves: a pod's way to its own address is its own kernel, which
 * neither a policy nor a CNI is on (NetworkPolicy v1: a pod cannot block access to itself), so it is the pod that is
 * broken, or too slow. A cell from or to such a pod says nothing of the network, unless the packet arrived.
 */
export function unresponsivePods(cells: readonly ComparedCell[]): ReadonlySet<string> {
  const silent = cells.filter(({ cell, measured }) => cell.verdict === 'open' && isOwn(cell) && measured !== 'open');
  return new Set(silent.map(({ cell }) => describeEnd(cell.from)));
}

const isOwn = ({ from, to }: Cell) => to.kind === 'pod' && describeEnd(from) === describeEnd(to);

/** Whether the cell speaks neither for nor against the network: its probe broke, or only an unresponsive pod's silence is heard. */
export function isInconclusiveCell({ cell, measured }: ComparedCell, unresponsive: ReadonlySet<string>): boolean {
  if (measured === 'inconclusive') return true;
  const ends = [describeEnd(cell.from), ...(cell.reaches ?? [describeEnd(cell.to)])];
  return measured !== 'open' && ends.some((end) => unresponsive.has(end));
}
