import { createFaultBench } from '../fault/bench.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { Context } from './context.ts';
import type { SharedResources } from './shared-resources.ts';
import type { OpenContext } from './execute.ts';
import { Outages } from '../table/outages.ts';
import { Namespaces } from './namespaces.ts';
import { PodNetworks } from './pod-networks.ts';
import type { Concurrency } from './concurrency.ts';
import type { Consent } from './touches.ts';
import { type ClosingOptions, type FixtureUser, RunFixtures } from './run-fixtures.ts';

type Shared = Pick<SharedResources, 'cluster' | 'driver' | 'runId' | 'timeouts' | 'deviations' | 'emit'>;

export interface RunResourcesOptions extends Shared {
  /** Where this run keeps what must survive it: write-ahead records of faults. */
  readonly stateDir: string;
  readonly concurrency: Concurrency;
  /** The cases that this cluster can be asked: their fixtures are opened. */
  readonly cases: readonly FixtureUser[];
  /** What may be disrupted. */
  readonly consent: Consent;
  /** Has the driver give up on pods that are still starting: the run is over. */
  readonly stopStarting: () => void;
  /** The cluster is destroyed after the run: nothing in it needs to be undone. */
  readonly clusterGoes?: boolean;
  /** What cases find to be out altogether; told by whoever makes it. */
  readonly outages?: Outages;
  /** Whether the baseline of this CNI says that the case will fail; nobody waits the full time for that. */
  readonly knownFailure: (id: string) => boolean;
}

/** Everything cases of a run share on the cluster, and how to take it down again. */
export interface RunResources {
  readonly openContext: OpenContext;
  readonly podNetworks: Pick<PodNetworks, 'areAllWell'>;
  /**
   * Closes all fixtures but, with `keep`, those that can stay; removes every other namespace of the run and waits until
   * all that was removed is absent; leaves all that where the cluster goes. @throws OrdealError naming what could not be
   * taken down.
   */
  close(options?: Pick<ClosingOptions, 'keep'>): Promise<void>;
}

/**
 * Opens the fixtures that cases of the run share, and begins with those they lease.
 * @throws OrdealError when one that is shared does not come up, unless its network is to blame: that is for the cases that
 * use it to say. What was opened is taken down first.
 */
export async function openRunResources(options: RunResourcesOptions): Promise<RunResources> {
  const { runId, timeouts, emit, deviations, stateDir, outages = new Outages() } = options;
  const podNetworks = new PodNetworks(options.cluster);
  const [cluster, driver] = [podNetworks.usable(), podNetworks.watching(options.driver)];
  const { clusterGoes = false } = options;
  const namespaces = new Namespaces(cluster.kube, runId, timeouts, clusterGoes);
  const fixtures = new RunFixtures({ ...options, cluster, driver, podNetworks, kube: cluster.kube, namespaces });
  const close = async ({ keep = false }: Pick<ClosingOptions, 'keep'> = {}) => {
    options.stopStarting();
    try {
      await fixtures.close({ keep, clusterGoes });
    } finally {
      if (!clusterGoes) {
        namespaces.removeAll(fixtures.keptNamespaces);
        await namespaces.drained();
      }
    }
  };
  await fixtures.start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const faults = createFaultBench({ cluster, runId, stateDir, timeouts, emit });
  const shared = { runId, cluster, driver, namespaces, fixtures, faults, deviations, outages, emit };
  return {
    openContext: (one, signal) => {
      const knownFailure = options.knownFailure(one.id);
      const own = { knownFailure, timeouts: knownFailure ? hurried(timeouts) : timeouts };
      const ctx = new Context(one, { ...shared, ...own }, signal);
      // A failure that was expected of this CNI says nothing against the fixture it was seen on.
      return Promise.resolve({ ctx, close: (passed) => ctx.close(passed || knownFailure), doubts: () => ctx.doubts() });
    },
    podNetworks,
    close,
  };
}

function hurried(timeouts: Timeouts): Timeouts {
  const { knownFailureSettleMs } = timeouts;
  return { ...timeouts, settleMs: knownFailureSettleMs, policySettleMs: knownFailureSettleMs };
}
