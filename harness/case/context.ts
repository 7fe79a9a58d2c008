import type { AgentPodSpec, PodTemplate } from '../probe/agent-pod-spec.ts';
import { CleanupStack } from '../base/cleanup.ts';
import type { Cluster } from '../cluster/types.ts';
import type { FaultOptions } from '../fault/bench.ts';
import type { FaultDriver } from '../fault/driver.ts';
import type { Fault } from '../fault/types.ts';
import { ownedLabels } from '../kube/objects.ts';
import { ChangeSet, trackingKube } from '../kube/change-set.ts';
import { changeForeign } from '../kube/former-state.ts';
import { labelling } from '../kube/owned.ts';
import { Door, whileOpen } from '../kube/while-open.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { refOf } from '../kube/verbs.ts';
import { settle } from '../base/settle.ts';
import type { Deviation } from '../baseline/deviations.ts';
import type { Agent } from '../probe/agent-types.ts';
import { consecutiveToSettle, type Timeouts } from '../base/timeouts.ts';
import { type CaseFixture, type Fixture, isLeased, isOfRun, type LeasedFixture, type RunFixture } from './fixture.ts';
import { injectedWhileOpen } from './injected-while-open.ts';
import { CaseRecorder } from '../events/case-recorder.ts';
import type { SharedResources } from './shared-resources.ts';
import type { SettleOptions } from '../table/check-context.ts';
import type { Outages } from '../table/outages.ts';
import type { CaseContext, CaseDefinition, ForeignChange, Words } from './types.ts';

/** The door of one case to the cluster: whatever goes through it is recorded and undone by `close`. */
export class Context extends CaseRecorder implements CaseContext {
  readonly cluster: Cluster;
  readonly kube: Kube;
  readonly timeouts: Timeouts;
  readonly knownFailure: boolean;
  readonly deviations: readonly Deviation[];
  readonly signal: AbortSignal;
  readonly outages: Outages;
  private readonly run: SharedResources;
  private readonly definition: CaseDefinition;
  private readonly got = new Map<Fixture<unknown>, Promise<unknown>>();
  private readonly cleanup: CleanupStack;
  private readonly door: Door;
  private readonly made = new Map<string, Promise<string>>();
  private readonly changes = new ChangeSet();
  private readonly faults: Fault[] = [];
  private passed = false;

  constructor(one: CaseDefinition, run: SharedResources, signal: AbortSignal) {
    super(one.id, run.emit, one.variant);
    this.cluster = run.cluster;
    this.door = new Door(one.id);
    const labelled = labelling(whileOpen(run.cluster.kube, this.door), ownedLabels(run.runId, one.id));
    this.kube = trackingKube(labelled, this.changes);
    this.timeouts = run.timeouts;
    this.knownFailure = run.knownFailure;
    this.deviations = run.deviations;
    this.signal = signal;
    this.outages = run.outages;
    this.run = run;
    this.definition = one;
    this.cleanup = new CleanupStack({ timeoutMs: run.timeouts.cleanupMs });
  }

  use<T>(fixture: RunFixture<T>): T;
  use<T>(fixture: LeasedFixture<T> | CaseFixture<T>): Promise<T>;
  use(fixture: Fixture<unknown>): unknown {
    if (!this.definition.uses.includes(fixture)) {
      throw new Error(`${this.caseId} asks for ${fixture.name}, which its definition does not name in \`uses\``);
    }
    if (isOfRun(fixture)) return this.run.fixtures.get(fixture);
    const got = this.got.get(fixture) ?? (isLeased(fixture) ? this.lease(fixture) : this.open(fixture));
    this.got.set(fixture, got);
    return got;
  }

  namespace(logical = 'main', labels?: Words, annotations?: Words): Promise<string> {
    const known = this.made.get(logical);
    if (known !== undefined) return known;
    this.door.requireOpen('create a namespace');
    const making = this.run.namespaces.create(logical, this.caseId, { labels, annotations }, (name) => {
      this.defer(`namespace ${name}`, () => {
        this.run.namespaces.remove(name);
        return Promise.resolve();
      });
    });
    this.made.set(logical, making);
    return making;
  }

  async apply(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) {
      const ref = refOf(object);
      this.door.requireOpen(`apply ${ref.kind} ${ref.name}`);
      this.defer(`${ref.kind} ${ref.name}`, () => this.removeUnlessNamespaceDies(ref));
      await this.kube.apply(object);
    }
  }

  async changeForeign(...changes: readonly ForeignChange[]): Promise<void> {
    const planned = changes.map(({ object, patch }) => changeForeign(this.kube, object, patch, this.run.runId));
    this.defer('former state of what others made', async () => {
      for (const { restore } of planned) await restore();
    });
    for (const { change } of planned) await change();
  }

  remove(ref: ObjectRef): Promise<void> {
    return this.kube.remove(ref, { awaitGone: true });
  }

  async agents(specs: readonly AgentPodSpec[]): Promise<Agent[]> {
    this.door.requireOpen('start pods');
    return this.run.driver.start(specs);
  }

  adopt(pod: { namespace: string; name: string }): Promise<Agent> {
    return this.run.driver.adopt(pod);
  }

  agentPodTemplate(spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate> {
    return this.run.driver.template(spec);
  }

  async settle(what: string, sample: () => Promise<string | undefined>, options: SettleOptions = {}) {
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
    const labels: Record<string, string> = options.kind === undefined ? { what } : { what, kind: options.kind };
    this.measure('settle_time', settled.ms, 'ms', labels);
    return settled.ms;
  }

  async fault<P>(driver: FaultDriver<P>, params: NoInfer<P>, options: FaultOptions = {}): Promise<Fault> {
    this.door.requireOpen('plan a fault');
    const fault = await this.run.faults.prepare(driver, params, { ...options, case: this.key });
    this.faults.push(fault);
    this.defer(`fault ${fault.title}`, async () => {
      await fault.revert();
    });
    return injectedWhileOpen(fault, this.door);
  }

  doubts(): string[] {
    return this.faults.flatMap(({ result }) => result?.doubt ?? []);
  }

  defer(title: string, undo: () => Promise<void>): void {
    this.cleanup.defer(title, undo);
  }

  /** Lets nothing more be changed and undoes everything in reverse. @throws AggregateError-like OrdealError naming what could not be undone. */
  close(passed: boolean): Promise<void> {
    this.passed = passed;
    return this.door.close(() => this.cleanup.run());
  }

  /** Those of one case come in the order of their names: two cases that want the same two never wait for each other. */
  private async lease(fixture: LeasedFixture<unknown>): Promise<unknown> {
    const before = this.definition.uses.filter(isLeased).filter(({ name }) => name < fixture.name);
    for (const other of before.sort((one, next) => (one.name < next.name ? -1 : 1))) await this.use(other);
    const lease = await this.run.fixtures.lease(fixture, this.definition);
    this.defer(fixture.name, () => lease.release(this.passed ? this.changes : undefined));
    return lease.value;
  }

  private async open(fixture: Fixture<unknown>): Promise<unknown> {
    const scope = this.run.fixtures.scopeFor(this.caseId);
    this.defer(fixture.name, () => scope.close());
    return (await this.run.fixtures.openIn(fixture, scope)).value;
  }

  private async removeUnlessNamespaceDies(ref: ObjectRef): Promise<void> {
    const own = await Promise.allSettled(this.made.values());
    if (own.some((made) => made.status === 'fulfilled' && made.value === ref.namespace)) return;
    await this.kube.remove(ref, { awaitGone: true });
  }
}
