import { availableParallelism } from 'node:os';
import { cnis } from '../../clusters/cni/index.ts';
import type { Lanes } from '../case/lanes.ts';
import type { ClusterInfo } from '../cluster/types.ts';


const mostLanes = 8;
const waitingLanes = 3;

/**
 * Returns the lanes of a run: of grids one a core, of own namespaces one more, since those wait for pods. More of them
 * only start more pods and answer later (115 cases on Cilium on two cores: two grids 174 s of the nodes' CPU, three 250).
 * Only a CNI that sits on a label for tens of seconds is worth further, small grids for the cases that wait for it.
 */
export function lanesFor(worlds: number | undefined, cni: ClusterInfo['cni']): Lanes {
  const cores = Math.max(2, availableParallelism());
  const slow = Object.values(cnis).some((one) => one.name === cni && one.sitsOnLabels === true);
  return {
    own: worlds ?? Math.min(mostLanes, cores + 1),
    grid: worlds ?? Math.min(mostLanes, cores),
    waiting: worlds === undefined && slow ? waitingLanes : 0,
  };
}
