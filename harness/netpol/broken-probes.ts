import { loopbackLike } from '../base/cidr.ts';
import { InconclusiveError } from '../base/errors.ts';
import { describeEnd } from '../oracle/ends.ts';
import { unresponsivePods, isInconclusiveCell } from '../table/unresponsive-pods.ts';
import { gridProbe } from './grid-layout.ts';
import { explainCells } from './render.ts';
import type { GridState, TrackedPod } from './state.ts';
import { disagreements, type MeasuredCell } from './table.ts';

/**
 * A failure must be of the network: neither a broken probe nor a pod that does not answer even itself is one, unless it
 * answers on its loopback (`cutOff`): then it is its own address that is broken, and that is the network's.
 * @throws InconclusiveError when all that stands against the oracle is of that kind, naming the pods that were too slow.
 */
export function refuseBrokenProbes(
  cells: readonly MeasuredCell[],
  cause: unknown,
  cutOff: ReadonlySet<string> = new Set(),
): void {
  const wrong = disagreements(cells);
  const unresponsive = new Set([...unresponsivePods(cells.map(compared))].filter((name) => !cutOff.has(name)));
  if (wrong.length === 0 || !wrong.every((cell) => isInconclusiveCell(compared(cell), unresponsive))) return;
  const names = new Set(
    cells.filter(({ expected }) => unresponsive.has(describeEnd(expected.from))).map(({ from }) => from),
  );
  const remedy = 'is the machine too busy? --concurrency 1 judges one case at a time';
  const slow = names.size === 0 ? '' : `${[...names].join(', ')} did not answer even itself in time (${remedy}); `;
  throw new InconclusiveError(`${slow}${explainCells(wrong)}`, { cause });
}

const looks = 3;

/**
 * Returns the pods that did not answer themselves and, asked again with their loopback as control, answer there and never
 * at their own address: they run, and have time, so that is what the CNI does to their address.
 */
export async function withoutOwnAddress(
  cells: readonly MeasuredCell[],
  state: Pick<GridState, 'pods'>,
  timeoutMs: number,
): Promise<ReadonlySet<string>> {
  const unresponsive = unresponsivePods(cells.map(compared));
  const pods = state.pods.filter((pod) => unresponsive.has(nameOf(pod)));
  const judged = await Promise.all(pods.map(async (pod) => ((await isCutOff(pod, timeoutMs)) ? [nameOf(pod)] : [])));
  return new Set(judged.flat());
}

async function isCutOff({ agent }: TrackedPod, timeoutMs: number): Promise<boolean> {
  const loopback = loopbackLike(agent.ip);
  for (let look = 0; look < looks; look += 1) {
    const [own, control] = await agent.probe([agent.ip, loopback].map((host) => gridProbe(host, 80, 'TCP', timeoutMs)));
    if (control?.verdict !== 'open' || own?.verdict === 'open' || own?.verdict === 'inconclusive') return false;
  }
  return true;
}

const nameOf = ({ agent }: TrackedPod) => describeEnd({ kind: 'pod', namespace: agent.namespace, name: agent.name });

/** The cell as the oracle compares it. */
export const compared = ({ expected, measured }: MeasuredCell) => ({ cell: expected, measured: measured.verdict });
