import { CleanupStack } from '../base/cleanup.ts';
import { Limit } from '../base/limit.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Concurrency } from './concurrency.ts';
import {
  type Fixture,
  type FixtureRun,
  isLeased,
  isOfRun,
  type LeasedFixture,
  type OpenFixture,
  type RunFixture,
} from './fixture.ts';
import { FixtureScope, type ScopeDependencies } from './fixture-scope.ts';
import { isUnsettled, PodNetworkError } from '../base/errors.ts';
import { type Lease, LeasePool } from './lease-pool.ts';
import type { PodNetworks } from './pod-networks.ts';
import { type Consent, isAllowed } from './touches.ts';
import type { CaseDefinition } from './types.ts';

/** Of so many leased ones that may be open, one is being opened at a time: there are more of them on more cores. */
const openedATurn = 2;

export type FixtureUser = Pick<CaseDefinition, 'uses' | 'mostlyIdle'>;

interface RunFixturesOptions extends ScopeDependencies {
  readonly cluster: Cluster;
  /** What will be run: cases that this cluster can be asked. */
  readonly cases: readonly FixtureUser[];
  readonly concurrency: Concurrency;
  readonly podNetworks: PodNetworks;
  readonly consent: Consent;
}

interface Opened {
  readonly fixture: Fixture<unknown>;
  readonly scope: FixtureScope;
  open: OpenFixture<unknown> | undefined;
}

export interface ClosingOptions {
  /** The cluster stays for a look at it, with what can be kept. */
  readonly keep?: boolean;
  /** The cluster is destroyed next, so nothing in it needs to be undone. */
  readonly clusterGoes?: boolean;
}

/** The fixtures of a run: opened as its cases use them, closed in reverse. */
export class RunFixtures {
  private readonly options: RunFixturesOptions;
  private readonly shared = new Map<Fixture<unknown>, Promise<OpenFixture<unknown>>>();
  private readonly ready = new Map<Fixture<unknown>, unknown>();
  /** Those that the network kept from coming up: the cases that use them fail by that. */
  private readonly failed = new Map<Fixture<unknown>, Error>();
  private readonly pools = new Map<Fixture<unknown>, LeasePool<unknown>>();
  /** A few at a time: the first cases run while further fixtures are being opened. */
  private readonly turns: Limit;
  /** Real names of the namespaces that stay after `close`. */
  readonly keptNamespaces = new Set<string>();
  /** In the order in which they came to be open: one that builds on another comes after it. */
  private readonly opened: Opened[] = [];

  constructor(options: RunFixturesOptions) {
    this.options = options;
    this.turns = new Limit(
      Math.max(1, ...[...options.concurrency.leased.values()].map(({ busy }) => Math.ceil(busy / openedATurn))),
    );
  }

  /**
   * Opens those of the run that cases share, and begins with a first one of each they lease.
   * @throws what opening throws, but for failures of the network.
   */
  async start(): Promise<void> {
    const used = new Set(this.options.cases.flatMap((one) => one.uses.map((fixture) => this.variantFor(one, fixture))));
    const ahead = [...used].filter(isLeased).filter((one) => this.options.concurrency.leased.has(one));
    for (const fixture of ahead) this.poolOf(fixture).warm();
    await Promise.all([...used].filter(isOfRun).map((fixture) => this.shareIfConnected(fixture)));
  }

  private async shareIfConnected(fixture: RunFixture<unknown>): Promise<void> {
    try {
      await this.share(fixture);
    } catch (error) {
      if (!isUnsettled(error)) throw error;
      this.failed.set(fixture, error);
    }
  }

  /** Returns one of the run that `start` has opened. @throws Error where no case of the run was to use it, or it failed. */
  get<T>(fixture: RunFixture<T>): T {
    const failure = this.failed.get(fixture);
    if (failure !== undefined) throw failure;
    if (!this.ready.has(fixture)) throw new Error(`${fixture.name} was not opened: no case of the run uses it`);
    return this.ready.get(fixture) as T;
  }

  /** Lends one to a case; whoever comes late waits. @throws what opening throws. */
  lease<T>(fixture: LeasedFixture<T>, one: FixtureUser): Promise<Lease<T>> {
    return this.poolOf(this.variantFor(one, fixture) as LeasedFixture<T>).lease();
  }

  scopeFor(caseId: string): FixtureScope {
    return new FixtureScope(this.options, caseId);
  }

  /** Opens one for a case; `scope` undoes it. */
  async openIn<T>(fixture: Fixture<T>, scope: FixtureScope): Promise<OpenFixture<T>> {
    const run: FixtureRun = Object.assign(scope, {
      cluster: this.options.cluster,
      use: <U>(other: RunFixture<U>) => this.share(other),
      useIfAllowed: async <U>(other: RunFixture<U>) =>
        isAllowed(other, this.options.consent) ? this.share(other) : undefined,
    });
    return fixture.open(run);
  }

  /**
   * Closes all in reverse, but for those that can be kept where they are to stay.
   * @throws OrdealError naming what could not be undone, once all else is.
   */
  async close({ keep = false, clusterGoes = false }: ClosingOptions = {}): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.quiet()));
    await Promise.allSettled(this.shared.values());
    const cleanup = new CleanupStack({ timeoutMs: this.options.timeouts.cleanupMs });
    for (const { fixture, scope, open } of this.opened) {
      const stay = keep ? open?.keep : undefined;
      if (stay !== undefined) scope.ownNamespaces.forEach((name) => this.keptNamespaces.add(name));
      cleanup.defer(fixture.name, stay ?? (() => scope.close({ clusterGoes })));
    }
    await cleanup.run();
  }

  private variantFor(one: FixtureUser, fixture: Fixture<unknown>): Fixture<unknown> {
    if (!isLeased(fixture) || !one.mostlyIdle || fixture.idleVariant === undefined) return fixture;
    return (this.options.concurrency.leased.get(fixture)?.idle ?? 0) > 0 ? fixture.idleVariant : fixture;
  }

  private async share<T>(fixture: RunFixture<T>): Promise<T> {
    const opening = this.shared.get(fixture) ?? this.open(fixture);
    this.shared.set(fixture, opening);
    const { value } = await opening;
    this.ready.set(fixture, value);
    return value as T;
  }

  private poolOf<T>(fixture: LeasedFixture<T>): LeasePool<T> {
    const known = this.pools.get(fixture);
    if (known !== undefined) return known as LeasePool<T>;
    const pool = new LeasePool(this.sizeOf(fixture), () => this.turns.run(() => this.open(fixture)));
    this.pools.set(fixture, pool as unknown as LeasePool<unknown>);
    return pool;
  }

  /** An idle variant is known by the fixture whose place it takes. */
  private sizeOf(fixture: LeasedFixture<unknown>): number {
    const { cases, concurrency } = this.options;
    const busy = concurrency.leased.get(fixture)?.busy;
    if (busy === undefined) return [...concurrency.leased].find(([one]) => one.idleVariant === fixture)?.[1].idle ?? 1;
    const asking = cases.filter((one) => one.uses.some((used) => this.variantFor(one, used) === fixture)).length;
    return Math.max(1, Math.min(busy, Math.ceil(asking / fixture.casesWorthOne)));
  }

  /** Where a node gives pods no network, once more on those that are left. */
  private async open<T>(fixture: Fixture<T>, spared: readonly string[] = []): Promise<OpenFixture<T>> {
    this.options.podNetworks.requireNode();
    const one: Opened = { fixture, scope: new FixtureScope(this.options), open: undefined };
    this.opened.push(one);
    try {
      const open = await this.openIn(fixture, one.scope);
      one.open = open;
      return open;
    } catch (error) {
      if (!(error instanceof PodNetworkError) || spared.includes(error.node)) throw error;
      return await this.open(fixture, [...spared, error.node]);
    } finally {
      this.opened.splice(this.opened.indexOf(one), 1);
      this.opened.push(one);
    }
  }
}
