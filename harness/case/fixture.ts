import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import type { Cluster } from '../cluster/types.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { ChangeSet } from '../kube/change-set.ts';
import type { Rights } from '../kube/rights.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import type { Agent } from '../probe/agent-types.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Touches } from './touches.ts';

/**
 * What a case needs on the cluster beyond objects of its own. A case names it in `uses` and gets it by `ctx.use`; a run
 * opens what its cases use and no more.
 */
export type Fixture<T> = RunFixture<T> | LeasedFixture<T> | CaseFixture<T>;

interface NamedFixture<T> {
  /** As messages call it. */
  readonly name: string;
  /** What opening it changes: see `CaseDefinition.touches`. */
  readonly touches: Touches;
  /** What opening it, and having it, takes: see `CaseDefinition.rights`. */
  readonly rights: readonly Rights[];
  /** Returns how many pods one of it is, on a cluster of these nodes. */
  pods(nodes: readonly NodeInfo[]): number;
  /** Opens one. What was made through `run` is undone when it closes, also where this throws. */
  open(run: FixtureRun): Promise<OpenFixture<T>>;
}

/** One for the whole run, which all cases that use it share at the same time. It is open before the first case begins. */
export interface RunFixture<T> extends NamedFixture<T> {
  readonly scope: 'run';
}

/** A few of it, each lent to one case at a time. */
export interface LeasedFixture<T> extends NamedFixture<T> {
  readonly scope: 'lease';
  /** Returns how many there may be, which is how many of its cases run at once; none: see `idleVariant`. */
  capacity(load: FixtureLoad): number;
  /** Opening one takes as long as running so many cases: for fewer, a further one would come too late. */
  readonly casesWorthOne: number;
  /** What mostly idle cases get in its place, beside the others, where the capacity of that is not 0. */
  readonly idleVariant?: LeasedFixture<T>;
}

/** One for each case that uses it, closed after the case. */
export interface CaseFixture<T> extends NamedFixture<T> {
  readonly scope: 'case';
}

export interface OpenFixture<T> {
  readonly value: T;
  /** Of a leased one: takes note of what its holder changed, for the next to go on from. Absent: `reset` does. */
  readonly accept?: (changes: ChangeSet) => Promise<void>;
  /**
   * Of a leased one: makes it as it was opened, after a holder of whom nobody knows what it changed. One that throws, or
   * that has none, is not lent again.
   */
  readonly reset?: () => Promise<void>;
  /** Makes it fit to stay in a cluster that stays after the run (`--keep`). Absent: it is closed all the same. */
  readonly keep?: () => Promise<void>;
}

/** What a fixture is opened with; the engine undoes in reverse what goes through it. */
export interface FixtureTools {
  /** Labels what it makes with the run, and with the case where that is the scope. */
  readonly kube: Kube;
  readonly timeouts: Timeouts;
  /** Creates a namespace and returns its real name. It goes with the fixture. */
  namespace(logical: string, labels?: Record<string, string>): Promise<string>;
  /** Starts probe pods and waits until each answers. In the order of `specs`. */
  agents(specs: readonly AgentPodSpec[]): Promise<Agent[]>;
  /** Applies objects, and removes them with the fixture. */
  apply(...objects: KubeObject[]): Promise<void>;
  /** To be called before what it undoes is done. */
  defer(title: string, undo: () => Promise<void>): void;
}

export interface FixtureRun extends FixtureTools {
  readonly cluster: Cluster;
  /** What another fixture of the run is, for one that builds on it. */
  use<T>(fixture: RunFixture<T>): Promise<T>;
  /** The same, or undefined where nobody allowed what it touches. */
  useIfAllowed<T>(fixture: RunFixture<T>): Promise<T | undefined>;
}

/** What a capacity is reckoned from. */
export interface FixtureLoad {
  /** Cases at once: one a core and one more, or as `--concurrency` says. */
  readonly atOnce: number;
  /** The same, less one where cases of several kinds keep the machine busy for long. */
  readonly share: number;
  /** Whether `--concurrency` said so: then nothing else counts. */
  readonly fixed: boolean;
  /** How many cases of the run use the fixture. */
  readonly cases: number;
  /** Whether the CNI takes tens of seconds to read a changed label. */
  readonly delaysLabelChanges: boolean;
}

export const isLeased = (fixture: Fixture<unknown>): fixture is LeasedFixture<unknown> => fixture.scope === 'lease';
export const isOfRun = (fixture: Fixture<unknown>): fixture is RunFixture<unknown> => fixture.scope === 'run';
