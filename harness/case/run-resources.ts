import type { Grid } from '../netpol/grid-types.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Emit } from '../events/types.ts';
import { createFaultBench } from '../fault/bench.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { Limit } from '../base/limit.ts';
import type { Reading } from '../baseline/deviations.ts';
import type { AgentPodSpec } from '../probe/types.ts';
import { Context, type RunWorld } from './context.ts';
import type { OpenContext } from './execute.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';
import { buildGrid } from '../netpol/grid.ts';
import { type GridCell, smallGrid, wholeGrid } from '../netpol/grid-layout.ts';
import { GridPool } from '../netpol/grid-pool.ts';
import { Namespaces } from './namespaces.ts';
import type { FleetShare } from './types.ts';
import { fleetHosts, fleetPods, standingFleet, type StandingFleet } from '../probe/standing-fleet.ts';

export interface WorldOptions {
  readonly cluster: Cluster;
  readonly driver: FleetDriver;
  readonly runId: string;
  /** Where this run keeps what must survive it: write-ahead records of faults. */
  readonly stateDir: string;
  readonly timeouts: Timeouts;
  /** How many whole grids there may be, and how many small ones for cases that wait; none: they have whole ones. */
  readonly grids: { readonly whole: number; readonly small: number };
  /** What the cases of the run will ask for. */
  readonly wanted: {
    readonly fleet: FleetShare;
    /** How many cases are for whole grids. */
    readonly onGrids: number;
  };
  /** Has the driver give up on pods that are still starting: the run is over. */
  readonly stopStarting: () => void;
  /** Whether the baseline of this CNI says that the case will fail; nobody waits the full time for that. */
  readonly knownFailure: (id: string) => boolean;
  readonly readings: readonly Reading[];
  readonly emit: Emit;
}

/** Of so many grids one is being built at a time: there are more of them on more cores. */
const gridsATurn = 2;

/** Starting nine pods takes as long as judging so many cases; for fewer a further grid comes too late. */
const casesAGrid = 4;

type FleetShares = Readonly<Record<FleetShare, StandingFleet | undefined>>;

/** Everything cases of a run share on the cluster, and how to take it down again. */
export interface OpenedWorld {
  readonly openContext: OpenContext;
  /**
   * Removes every namespace of the run but, where they are to stay, those of grids; waits until all that was removed is
   * absent. The fleet never stays: its agents on the nodes' own ports would be in the way of the next run.
   */
  close(options?: { readonly keepGrids?: boolean }): Promise<void>;
}

/**
 * Starts the standing fleet, where one is wanted, and prepares the grid pool; a first grid is begun beside the fleet.
 * @throws OrdealError when a fleet pod does not start.
 */
export async function openWorld(options: WorldOptions): Promise<OpenedWorld> {
  const { cluster, driver, runId, timeouts, wanted } = options;
  const namespaces = new Namespaces(cluster.kube, runId, timeouts);
  const built: Grid[] = [];
  // A few at a time: the first lanes work while the next grids are starting.
  const turns = new Limit(Math.ceil(options.grids.whole / gridsATurn));
  const build = async (cells: readonly GridCell[]) => {
    const one = await buildGrid({ kube: cluster.kube, driver, namespaces, runId, timeouts }, cells);
    built.push(one.grid);
    return one;
  };
  const poolOf = (size: number, cells: readonly GridCell[]) => new GridPool(size, () => turns.run(() => build(cells)));
  const grids = Math.max(1, Math.min(options.grids.whole, Math.ceil(wanted.onGrids / casesAGrid)));
  const whole = poolOf(grids, wholeGrid);
  const small = options.grids.small === 0 ? whole : poolOf(options.grids.small, smallGrid);
  const close = async ({ keepGrids = false } = {}) => {
    options.stopStarting();
    await Promise.all([whole.quiet(), small.quiet()]);
    const kept = keepGrids ? built : [];
    await Promise.all(kept.map((grid) => grid.deletePolicies()));
    namespaces.removeAll(new Set(kept.flatMap((grid) => [...grid.namespaces.values()])));
    await namespaces.drained();
  };
  if (wanted.onGrids > 0) whole.warm();
  const fleet = await startFleet(options, namespaces).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { emit, readings, stateDir } = options;
  const faults = createFaultBench({ cluster, runId, stateDir, timeouts, emit });
  const world: Omit<RunWorld, 'fleet' | 'grids' | 'knownFailure'> = {
    runId,
    cluster,
    timeouts,
    driver,
    namespaces,
    faults,
    readings,
    emit,
  };
  return {
    openContext: (one, signal) => {
      const knownFailure = options.knownFailure(one.id);
      const grids = one.waits ? small : whole;
      const own = {
        fleet: fleet[one.fleet],
        grids,
        knownFailure,
        timeouts: knownFailure ? hurried(timeouts) : timeouts,
      };
      const ctx = new Context(one, { ...world, ...own }, signal);
      // A failure that was expected of this CNI says nothing against the grid it was seen on.
      return Promise.resolve({ ctx, close: (passed) => ctx.close(passed || knownFailure) });
    },
    close,
  };
}

function hurried(timeouts: Timeouts): Timeouts {
  const { knownFailureSettleMs } = timeouts;
  return { ...timeouts, settleMs: knownFailureSettleMs, policySettleMs: knownFailureSettleMs };
}

/** Returns what each kind of case is handed of it. */
async function startFleet(options: WorldOptions, namespaces: Namespaces): Promise<FleetShares> {
  const { cluster, driver, wanted } = options;
  const start = async (name: string, level: string, specsIn: (namespace: string) => AgentPodSpec[]) => {
    const enforce = { 'pod-security.kubernetes.io/enforce': level };
    return driver.start(specsIn(await namespaces.create(name, undefined, enforce)));
  };
  const { nodes } = cluster.info;
  const [agents, hosts] = await Promise.all([
    wanted.fleet === 'whole' ? start('fleet', 'restricted', (namespace) => fleetPods(nodes, namespace)) : [],
    wanted.fleet === 'none' ? [] : start('hosts', 'privileged', (namespace) => fleetHosts(nodes, namespace)),
  ]);
  return { whole: standingFleet(agents, hosts), hosts: standingFleet([], hosts), none: undefined };
}
