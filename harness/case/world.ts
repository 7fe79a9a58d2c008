import type { Cluster } from '../cluster/types.ts';
import type { Emit } from '../events/types.ts';
import { createFaultBench } from '../fault/bench.ts';
import type { Timeouts } from '../timeouts.ts';
import { Limit } from '../kube/poll.ts';
import { Context, type RunWorld } from './context.ts';
import type { OpenContext } from './execute.ts';
import type { FleetDriver } from './fleet-driver.ts';
import { buildGrid } from './grid.ts';
import { type GridCell, smallGrid, wholeGrid } from './grid-layout.ts';
import { GridPool } from './grid-pool.ts';
import { Namespaces } from './namespaces.ts';
import type { Grid } from './types.ts';
import { fleetSpecs, standingFleet } from './standing-fleet.ts';

export interface WorldOptions {
  readonly cluster: Cluster;
  readonly driver: FleetDriver;
  readonly runId: string;
  /** Where this run keeps what must survive it: write-ahead records of faults. */
  readonly stateDir: string;
  readonly timeouts: Timeouts;
  /** How many whole grids there may be, and how many small ones for cases that wait; none: they have whole ones. */
  readonly grids: { readonly whole: number; readonly small: number };
  /** Whether the baseline of this CNI says that the case will fail; nobody waits the full time for that. */
  readonly knownFailure: (id: string) => boolean;
  readonly emit: Emit;
}

/** Of so many grids one is being built at a time: there are more of them on more cores. */
const gridsATurn = 2;

/** Everything cases of a run share on the cluster, and how to take it down again. */
export interface OpenedWorld {
  readonly openContext: OpenContext;
  /**
   * Removes the standing fleet and, unless they are to stay, the grids; waits until all that was removed is absent. The
   * fleet never stays: its agents on the nodes' own ports would be in the way of the next run.
   */
  close(options?: { readonly keepGrids?: boolean }): Promise<void>;
}

/** Starts the standing fleet and prepares the grid pool. @throws OrdealError when a fleet pod does not start. */
export async function openWorld(options: WorldOptions): Promise<OpenedWorld> {
  const { cluster, driver, runId, timeouts } = options;
  const namespaces = new Namespaces(cluster.kube, runId, timeouts);
  const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
  const [pods, hosts] = await Promise.all([
    namespaces.create('fleet', undefined, enforce('restricted')),
    namespaces.create('hosts', undefined, enforce('privileged')),
  ]);
  const built: Grid[] = [];
  const close = async ({ keepGrids = false } = {}) => {
    if (keepGrids) await Promise.all(built.map((grid) => grid.sweep()));
    const ofGrids = keepGrids ? [] : built.flatMap((grid) => [...grid.namespaces.values()]);
    for (const name of [pods, hosts, ...ofGrids]) namespaces.remove(name);
    await namespaces.drained();
  };
  const fleet = await startFleet(options, { pods, hosts }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  // A few at a time: the first lanes work while the next grids are starting.
  const turns = new Limit(Math.ceil(options.grids.whole / gridsATurn));
  const build = async (cells: readonly GridCell[]) => {
    const one = await buildGrid({ kube: cluster.kube, driver, namespaces, runId, timeouts }, cells);
    built.push(one.grid);
    return one;
  };
  const poolOf = (size: number, cells: readonly GridCell[]) => new GridPool(size, () => turns.run(() => build(cells)));
  const whole = poolOf(options.grids.whole, wholeGrid);
  const small = options.grids.small === 0 ? whole : poolOf(options.grids.small, smallGrid);
  const { emit, stateDir } = options;
  const faults = createFaultBench({ cluster, runId, stateDir, timeouts, emit });
  const world: Omit<RunWorld, 'grids' | 'knownFailure'> = {
    runId,
    cluster,
    timeouts,
    fleet,
    driver,
    namespaces,
    faults,
    emit,
  };
  return {
    openContext: (one, signal) => {
      const knownFailure = options.knownFailure(one.id);
      const grids = one.waits ? small : whole;
      const own = { grids, knownFailure, timeouts: knownFailure ? hurried(timeouts) : timeouts };
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

async function startFleet({ cluster, driver }: WorldOptions, namespaces: { pods: string; hosts: string }) {
  const specs = fleetSpecs(cluster.info.nodes, namespaces);
  const [agents, hostAgents] = await Promise.all([driver.start(specs.agents), driver.start(specs.hosts)]);
  return standingFleet(agents, hostAgents);
}
