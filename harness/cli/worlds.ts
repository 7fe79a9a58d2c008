import { availableParallelism } from 'node:os';
import { cnis } from '../../clusters/cni/index.ts';
import type { Lanes } from '../case/lanes.ts';
import type { ClusterInfo } from '../cluster/types.ts';

const mostLanes = 8;
const waitingLanes = 2;

/**
 * Returns the lanes of a run: of each kind one a core and one more. Cases wait for pods and policies now and then, which
 * costs no CPU; more of them at once only start more pods and answer later (115 cases on Calico on two cores: 83 s with
 * two grids, 70 s with three). A CNI that sits on a label for tens of seconds is worth small grids for the cases that
 * wait for it, in place of one whole (on Cilium 90 s and 163 s of the nodes' CPU so, 89 s and 183 s with that one too).
 */
export function lanesFor(worlds: number | undefined, cni: ClusterInfo['cni']): Lanes {
  const each = worlds ?? Math.min(mostLanes, Math.max(2, availableParallelism()) + 1);
  const slow = Object.values(cnis).some((one) => one.name === cni && one.sitsOnLabels === true);
  const apart = worlds === undefined && slow;
  return { own: each, grid: apart ? each - 1 : each, waiting: apart ? waitingLanes : 0 };
}
