import type { AgentPodSpec, PodTemplate } from '../probe/agent-pod-spec.ts';
import type { Feature } from '../../clusters/names.ts';
import type { Cluster } from '../cluster/types.ts';
import type { FaultOptions } from '../fault/bench.ts';
import type { FaultDriver } from '../fault/driver.ts';
import type { Fault } from '../fault/types.ts';
import type { Rights } from '../kube/rights.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Deviation } from '../baseline/deviations.ts';
import type { IdleLoad } from './idle-load.ts';
import type { CaseFixture, Fixture, LeasedFixture, RunFixture } from './fixture.ts';
import type { Touches } from './touches.ts';
import type { ClusterPart } from './exclusive.ts';
import type { Agent } from '../probe/agent-types.ts';
import type { CheckContext } from '../table/check-context.ts';

/** Name of the folder of `suites/` that holds the case. */
export type Area = string;
/** Labels or annotations. */
export type Words = Readonly<Record<string, string>>;
export type Tier = 'core' | 'extended';

/** A requirement is a value: a feature, or a feature with a wanted fact in words for the skip message. */
export interface Need {
  readonly feature: Feature;
  readonly because?: string;
}

export interface CaseDefinition {
  /** kebab-case, unique, stable across releases, starts with its area: `dns-cluster-name`. */
  readonly id: string;
  /** Tells cases of one id apart: the same question while a fault holds. */
  readonly variant?: string;
  readonly title: string;
  readonly area: Area;
  readonly tier: Tier;
  readonly tags: readonly string[];
  readonly needs: readonly Need[];
  /** Where the rule comes from, in the forms of `sourceLinks`: specification sections, KEPs, RFCs, e2e tests, URLs. */
  readonly source?: string;
  /** The fixtures it gets by `ctx.use`. One that leases none works in namespaces it creates. */
  readonly uses: readonly Fixture<unknown>[];
  /** What it changes itself, beside what its fixtures do: whoever owns the cluster has to allow what is not `own`. */
  readonly touches: Touches;
  /** What it does itself at the API server, beyond what every run may and what its fixtures take. */
  readonly rights: readonly Rights[];
  /**
   * True for a case that disturbs others (faults on nodes, CoreDNS changes) or is disturbed by them (latencies): it runs
   * after the rest, and alone: or beside other such cases, where it says which parts of the cluster it wants for itself.
   * Unless it is mostly idle too, and the CNI makes it wait for tens of seconds.
   */
  readonly exclusive: boolean | readonly ClusterPart[];
  /** True for a case that mostly waits: for pods to roll, for a CNI to read a label. It begins early. */
  readonly mostlyIdle: boolean;
  /** What a mostly idle case takes while it waits. Those that lease nothing overlap all others, within limits. */
  readonly idleLoad?: IdleLoad;
  /**
   * What a case first makes of what it leases, in words of its suite. Cases alike in this run one after another: what a
   * grid is already need not be made, and some CNIs work long on it.
   */
  readonly affinity?: string;
  readonly run: (ctx: CaseContext) => Promise<void>;
}

/** A change of an object that others made. */
export interface ForeignChange {
  /** As it is. */
  readonly object: KubeObject;
  /** A JSON merge patch that leaves `metadata` alone. */
  readonly patch: Readonly<Record<string, unknown>> & { readonly metadata?: never };
}

export interface CaseContext extends CheckContext {
  readonly cluster: Cluster;
  readonly kube: Kube;
  /** The baseline of this CNI says that the case will fail: nobody waits the full time for that. */
  readonly knownFailure: boolean;
  /** How the baseline of this CNI says it reads policies; none where it does not say. */
  readonly deviations: readonly Deviation[];
  /**
   * Returns a fixture that the definition names in `uses`: at once where all cases of the run share it, else once this
   * case has one, which is given back after it. @throws Error where `uses` does not name it, or what opening it throws.
   */
  use<T>(fixture: RunFixture<T>): T;
  use<T>(fixture: LeasedFixture<T> | CaseFixture<T>): Promise<T>;
  /** Creates (once per case) a namespace of this case; returns its real name. Removed after the case. */
  namespace(logical?: string, labels?: Words, annotations?: Words): Promise<string>;
  /** Applies objects and removes them after the case (namespaced objects inside own namespaces die with them). */
  apply(...objects: KubeObject[]): Promise<void>;
  /**
   * Changes objects that others made, in this order. They carry their former state; it is put back after the case in the
   * same order, and by `ordeal clean` where the run did not live to. @throws OrdealError CLUSTER where one carries it already.
   */
  changeForeign(...changes: readonly ForeignChange[]): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  /** Starts probe pods and waits until each is Ready and its control channel answers. In the order of `specs`. */
  agents(specs: readonly AgentPodSpec[]): Promise<Agent[]>;
  /** Adopts a pod someone else created (Deployment, StatefulSet) whose container runs the agent. */
  adopt(pod: { namespace: string; name: string }): Promise<Agent>;
  /** Pod template (spec + labels) that runs the agent, for Deployments, StatefulSets and DaemonSets. */
  agentPodTemplate(spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate>;
  /**
   * Plans a fault; nothing happens before its `inject()`. Reverted after the case whatever happens, and by the nodes
   * themselves at its deadline. Where that came first, or the effect stays, the case ends inconclusive, whatever it found.
   */
  fault<P>(driver: FaultDriver<P>, params: NoInfer<P>, options?: FaultOptions): Promise<Fault>;
}
