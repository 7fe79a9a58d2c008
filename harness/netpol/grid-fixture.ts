import type { CaseFixture, FixtureLoad, LeasedFixture } from '../case/fixture.ts';
import { buildGrid } from './grid.ts';
import { smallGridCells, wholeGridCells } from './grid-layout.ts';
import type { Grid } from './grid-types.ts';
import { manage, may } from '../kube/rights.ts';

/** For fewer cases on grids one a core is enough: a further grid's nine pods cost more than it saves. */
const fewCases = 200;
const smallGrids = 2;
/** Starting nine pods takes as long as judging so many cases. */
const casesWorthOne = 4;

const gridRights = [
  may([...manage, 'list'], 'networkpolicies.networking.k8s.io'),
  may(['create', 'patch'], 'services'),
  // Labels are changed, and pods go and come.
  may(['patch', 'delete'], 'pods'),
];

/** Of four pods, for cases that wait for a label, where the CNI makes them wait for tens of seconds. */
export const smallGrid: LeasedFixture<Grid> = {
  name: 'small grid',
  scope: 'lease',
  touches: 'own',
  rights: gridRights,
  pods: () => smallGridCells.length,
  capacity: ({ fixed, delaysLabelChanges }) => (!fixed && delaysLabelChanges ? smallGrids : 0),
  casesWorthOne,
  open: (run) => buildGrid(run, smallGridCells, run.cluster.info.nodes),
};

/** As small, for one case alone: who looks for half a minute would keep others from a lent one. */
export const ownGrid: CaseFixture<Grid> = {
  name: 'grid of its own',
  scope: 'case',
  touches: 'own',
  rights: gridRights,
  pods: () => smallGridCells.length,
  open: (run) => buildGrid(run, smallGridCells, run.cluster.info.nodes),
};

/**
 * The 3x3 world of NetworkPolicy cases (namespaces x, y, z; pods a, b, c in each), as its last holder left it: policies
 * are there until the case calls `deletePolicies`, labels until it calls `resetLabels`.
 */
export const grid: LeasedFixture<Grid> = {
  name: 'grid',
  scope: 'lease',
  touches: 'own',
  rights: gridRights,
  pods: () => wholeGridCells.length,
  capacity,
  casesWorthOne,
  idleVariant: smallGrid,
  open: (run) => buildGrid(run, wholeGridCells, run.cluster.info.nodes),
};

/**
 * Few cases have a grid a core: 115 on Calico on two slow cores take 111 s with two and 121 to 126 s with three, 280 take
 * 227 s with three. A CNI that delays label changes is worth small grids for the cases that wait for them, in place of
 * one whole (on Cilium 90 s and 163 s of the nodes' CPU so, 89 s and 183 s with that one too).
 */
function capacity({ fixed, atOnce, share, cases, delaysLabelChanges }: FixtureLoad): number {
  if (fixed) return atOnce;
  return delaysLabelChanges || cases < fewCases ? atOnce - 1 : share;
}
