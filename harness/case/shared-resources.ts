import type { Deviation } from '../baseline/deviations.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Emit } from '../events/types.ts';
import type { FaultBench } from '../fault/bench.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';
import type { Outages } from '../table/outages.ts';
import type { Namespaces } from './namespaces.ts';
import type { RunFixtures } from './run-fixtures.ts';

/** What all contexts of a run share. */
export interface SharedResources {
  readonly runId: string;
  readonly cluster: Cluster;
  readonly timeouts: Timeouts;
  readonly knownFailure: boolean;
  readonly deviations: readonly Deviation[];
  readonly driver: FleetDriver;
  readonly fixtures: RunFixtures;
  readonly namespaces: Namespaces;
  readonly faults: FaultBench;
  readonly outages: Outages;
  readonly emit: Emit;
}
