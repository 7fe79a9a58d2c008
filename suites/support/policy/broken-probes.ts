import { InconclusiveError } from '../../../harness/case/errors.ts';
import { explainCells } from './render.ts';
import { disagreements, type MeasuredCell } from './table.ts';

/**
 * A failure must be of the network. A cell says nothing of it where its probe broke, or where nothing came back from or
 * to a pod that does not even answer itself: a pod's way to its own address is its own kernel, which neither a policy
 * nor a CNI is on (NetworkPolicy v1: a pod cannot block access to itself). What arrived has arrived in any case.
 * @throws InconclusiveError when all that stands against the oracle is of that kind, naming the pods that were too slow.
 */
export function refuseBrokenProbes(cells: readonly MeasuredCell[], cause: unknown): void {
  const wrong = disagreements(cells);
  const mute = new Set(cells.filter(isMute).map(({ from }) => from));
  const saysNothing = ({ measured, from, to }: MeasuredCell) =>
    measured.verdict === 'inconclusive' || (measured.verdict !== 'open' && (mute.has(from) || mute.has(podOf(to))));
  if (wrong.length === 0 || !wrong.every(saysNothing)) return;
  const remedy = 'is the machine too busy? --worlds 1 judges one case at a time';
  const told = mute.size === 0 ? '' : `${[...mute].join(', ')} did not answer even itself in time (${remedy}); `;
  throw new InconclusiveError(`${told}${explainCells(wrong)}`, { cause });
}

const isMute = ({ from, to, measured }: MeasuredCell) => from === to && measured.verdict !== 'open';

/** `y/b` of `svc y/b`. */
const podOf = (to: string) => to.split(' ').at(-1) ?? to;
