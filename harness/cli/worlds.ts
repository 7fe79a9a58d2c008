import { availableParallelism } from 'node:os';
import { cnis } from '../../clusters/cni/index.ts';
import type { Lanes } from '../case/lanes.ts';
import type { ClusterInfo } from '../cluster/types.ts';

const waitingLanes = 3;

/**
 * Returns the lanes of a run: of each kind one a core and one more. Cases wait for pods and policies now and then, which
 * costs no CPU; more of them at once only start more pods and answer later (115 cases on two cores: 89 s with three
 * grids, 94 s with four). Only a CNI that sits on a label for tens of seconds is worth further, small grids for those that
 * wait for it.
 */
export function lanesFor(worlds: number | undefined, cni: ClusterInfo['cni']): Lanes {
  const each = worlds ?? Math.min(8, Math.max(2, availableParallelism() + 1));
  const slow = Object.values(cnis).some((one) => one.name === cni && one.sitsOnLabels === true);
  return { own: each, grid: each, waiting: worlds === undefined && slow ? waitingLanes : 0 };
}
