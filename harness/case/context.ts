import type { Grid } from '../netpol/grid-types.ts';
import type { StandingFleet } from '../probe/standing-fleet.ts';
import { CleanupStack } from '../base/cleanup.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Emit } from '../events/types.ts';
import type { FaultBench } from '../fault/bench.ts';
import type { Fault, FaultPlan } from '../fault/types.ts';
import { ownedLabels } from '../kube/objects.ts';
import { ChangeSet, trackingKube } from '../kube/change-set.ts';
import { labelling } from '../kube/owned.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { refOf } from '../kube/verbs.ts';
import { settle } from '../base/settle.ts';
import type { Reading } from '../baseline/deviations.ts';
import type { Agent, AgentPodSpec, PodTemplate } from '../probe/types.ts';
import { consecutiveToSettle, type Timeouts } from '../base/timeouts.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';
import type { GridPool } from '../netpol/grid-pool.ts';
import type { Namespaces } from './namespaces.ts';
import { CaseRecorder } from '../events/case-recorder.ts';
import type { CaseContext, CaseDefinition } from './types.ts';

/** What all contexts of a run share. */
export interface RunWorld {
  readonly runId: string;
  readonly cluster: Cluster;
  readonly timeouts: Timeouts;
  readonly knownFailure: boolean;
  readonly readings: readonly Reading[];
  /** Absent for a case that does without. */
  readonly fleet: StandingFleet | undefined;
  readonly driver: FleetDriver;
  readonly grids: GridPool;
  readonly namespaces: Namespaces;
  readonly faults: FaultBench;
  readonly emit: Emit;
}

/** The door of one case to the cluster: whatever goes through it is recorded and undone by `close`. */
export class Context extends CaseRecorder implements CaseContext {
  readonly cluster: Cluster;
  readonly kube: Kube;
  readonly timeouts: Timeouts;
  readonly knownFailure: boolean;
  readonly readings: readonly Reading[];
  readonly signal: AbortSignal;
  private readonly world: RunWorld;
  private readonly cleanup: CleanupStack;
  private readonly made = new Map<string, Promise<string>>();
  private readonly changes = new ChangeSet();
  private passed = false;

  constructor(one: CaseDefinition, world: RunWorld, signal: AbortSignal) {
    super(one.id, world.emit);
    this.cluster = world.cluster;
    this.kube = trackingKube(labelling(world.cluster.kube, ownedLabels(world.runId, one.id)), this.changes);
    this.timeouts = world.timeouts;
    this.knownFailure = world.knownFailure;
    this.readings = world.readings;
    this.signal = signal;
    this.world = world;
    this.cleanup = new CleanupStack({ timeoutMs: world.timeouts.cleanupMs });
  }

  get fleet(): StandingFleet {
    const { fleet } = this.world;
    if (fleet === undefined) {
      throw new Error(`${this.caseId} asks for the standing fleet, which it is defined to do without (fleet: 'none')`);
    }
    return fleet;
  }

  namespace(logical = 'main', labels?: Record<string, string>): Promise<string> {
    const known = this.made.get(logical);
    if (known !== undefined) return known;
    const making = this.world.namespaces.create(logical, this.caseId, labels).then((name) => {
      this.defer(`namespace ${name}`, () => {
        this.world.namespaces.remove(name);
        return Promise.resolve();
      });
      return name;
    });
    this.made.set(logical, making);
    return making;
  }

  async apply(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) {
      const ref = refOf(await this.kube.apply(object));
      this.defer(`${ref.kind} ${ref.name}`, () => this.removeUnlessNamespaceDies(ref));
    }
  }

  remove(ref: ObjectRef): Promise<void> {
    return this.kube.remove(ref, { awaitGone: true });
  }

  agents(specs: readonly AgentPodSpec[]): Promise<Agent[]> {
    return this.world.driver.start(specs);
  }

  adopt(pod: { namespace: string; name: string }): Promise<Agent> {
    return this.world.driver.adopt(pod);
  }

  agentPodTemplate(spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate> {
    return this.world.driver.template(spec);
  }

  async grid(): Promise<Grid> {
    const lease = await this.world.grids.lease();
    this.defer('grid', () => lease.release(this.passed ? this.changes : undefined));
    return lease.grid;
  }

  async settle(what: string, sample: () => Promise<string | undefined>, options: { timeoutMs?: number } = {}) {
    const { settleMs, settlePollMs, settleMostPollMs } = this.timeouts;
    const settled = await this.step(`settle: ${what}`, () =>
      settle({
        what,
        sample,
        consecutive: consecutiveToSettle,
        timeoutMs: options.timeoutMs ?? settleMs,
        pollMs: settlePollMs,
        mostPollMs: settleMostPollMs,
        signal: this.signal,
      }),
    );
    this.measure(`settle:${what}`, settled.ms, 'ms');
    return settled.ms;
  }

  fault(plan: FaultPlan, options?: { deadlineMs?: number }): Fault {
    const fault = this.world.faults.prepare(this.caseId, plan, options);
    this.defer(`fault ${fault.title}`, async () => {
      await fault.revert();
    });
    return fault;
  }

  defer(title: string, undo: () => Promise<void>): void {
    this.cleanup.defer(title, undo);
  }

  /** Undoes everything in reverse. @throws AggregateError-like OrdealError naming what could not be undone. */
  close(passed: boolean): Promise<void> {
    this.passed = passed;
    return this.cleanup.run();
  }

  private async removeUnlessNamespaceDies(ref: ObjectRef): Promise<void> {
    const own = await Promise.all(this.made.values());
    if (ref.namespace !== undefined && own.includes(ref.namespace)) return;
    await this.kube.remove(ref, { awaitGone: true });
  }
}
