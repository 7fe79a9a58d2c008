import { availableParallelism } from 'node:os';
import { cnis } from '../../clusters/cni/index.ts';
import type { Lanes } from '../case/scheduler.ts';
import type { CaseDefinition } from '../case/types.ts';
import type { ClusterInfo } from '../cluster/types.ts';

const mostLanes = 8;
const waitingLanes = 2;
/** For fewer cases on grids one a core is enough: a further grid's nine pods cost more than its lane saves. */
const fewOnGrids = 200;
/** More cases a lane than this keep it busy beside the other kind for most of a run. */
const manyALane = 3;

/**
 * Returns the lanes of a run: of each kind one a core and one more. Cases wait for pods and policies now and then, which
 * costs no CPU; more of them at once only start more pods and answer later. Few cases on grids have one a core: 115 on
 * Calico on two slow cores take 111 s with two grids and 121 to 126 s with three, 280 take 227 s with three. Where both kinds have cases for long, one a core: three lanes of rollouts beside three of
 * grids made answers of a slow machine seconds late, and four cases fail. A CNI that sits on a label for tens of seconds
 * is worth small grids for the cases that wait for it, in place of one whole (on Cilium 90 s and 163 s of the nodes' CPU
 * so, 89 s and 183 s with that one too).
 */
export function lanesFor(
  worlds: number | undefined,
  cni: ClusterInfo['cni'],
  cases: readonly Pick<CaseDefinition, 'world'>[],
): Lanes {
  const each = worlds ?? Math.min(mostLanes, Math.max(2, availableParallelism()) + 1);
  const slow = Object.values(cnis).some((one) => one.name === cni && one.delaysLabelChanges === true);
  const countOf = (world: CaseDefinition['world']) => cases.filter((one) => one.world === world).length;
  const apart = worlds === undefined && slow;
  const beside = countOf('own') > manyALane * each && countOf('grid') > manyALane * each;
  const side = worlds === undefined && beside ? each - 1 : each;
  const few = worlds === undefined && countOf('grid') < fewOnGrids;
  return { own: side, grid: apart || few ? each - 1 : side, waiting: apart ? waitingLanes : 0 };
}
