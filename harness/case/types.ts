import type { Feature } from '../../clusters/names.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Fault, FaultPlan } from '../fault/types.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Reading } from '../oracle/readings.ts';
import type { Agent, AgentPodSpec, AgentPort, PodTemplate } from '../probe/types.ts';
import type { Timeouts } from '../base/timeouts.ts';

export const areas = ['dns', 'services', 'connectivity', 'networkpolicy', 'rollout', 'mesh', 'faults'] as const;
export type Area = (typeof areas)[number];
export type Tier = 'core' | 'extended';

/** `hosts`: the hostNetwork agents alone. */
export type FleetShare = 'whole' | 'hosts' | 'none';

/** A requirement is a value: a feature, or a feature with a wanted fact in words for the skip message. */
export interface Need {
  readonly feature: Feature;
  readonly because?: string;
}

export interface CaseDefinition {
  /** kebab-case, unique, stable across releases, starts with its area: `dns-cluster-name`. */
  readonly id: string;
  readonly title: string;
  readonly area: Area;
  readonly tier: Tier;
  readonly tags: readonly string[];
  readonly needs: readonly Need[];
  /** Spec section, KEP, issue the rule comes from. */
  readonly source?: string;
  /** `grid`: leases a warm 3x3 world by `ctx.grid()`; `own`: works in namespaces it creates. */
  readonly world: 'own' | 'grid';
  /**
   * True for a case that disturbs others (faults on nodes, CoreDNS changes) or is disturbed by them (latencies): it runs
   * alone, after the rest. Unless it `waits` too, and the CNI makes it wait for tens of seconds.
   */
  readonly exclusive: boolean;
  /** True for a case that mostly waits: for pods to roll, for a CNI to read a label. It begins early. */
  readonly waits: boolean;
  /** What of the standing fleet the case asks for by `ctx.fleet`: a run starts what its cases ask for and no more. */
  readonly fleet: FleetShare;
  /**
   * What a case first makes of its grid, in words of its suite. Cases alike in this run one after another: what a grid is
   * already need not be made, and some CNIs work long on it.
   */
  readonly kin?: string;
  readonly run: (ctx: CaseContext) => Promise<void>;
}

export interface CaseContext {
  readonly caseId: string;
  readonly cluster: Cluster;
  readonly kube: Kube;
  readonly timeouts: Timeouts;
  /** The baseline of this CNI says that the case will fail: nobody waits the full time for that. */
  readonly knownFailure: boolean;
  /** How the baseline of this CNI says it reads policies; none where it does not say. */
  readonly readings: readonly Reading[];
  readonly signal: AbortSignal;
  /**
   * Standing read-only fleet: at least two agents per schedulable node plus a hostNetwork agent per node. Asking for it
   * throws in a case with `fleet: 'none'`; with `'hosts'` there are only the latter.
   */
  readonly fleet: StandingFleet;
  /** Creates (once per case) a namespace of this case; returns its real name. Removed after the case. */
  namespace(logical?: string, labels?: Record<string, string>): Promise<string>;
  /** Applies objects and removes them after the case (namespaced objects inside own namespaces die with them). */
  apply(...objects: KubeObject[]): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  /** Starts probe pods and waits until each is Ready and its control channel answers. In the order of `specs`. */
  agents(specs: readonly AgentPodSpec[]): Promise<Agent[]>;
  /** Adopts a pod someone else created (Deployment, StatefulSet) whose container runs the agent. */
  adopt(pod: { namespace: string; name: string }): Promise<Agent>;
  /** Pod template (spec + labels) that runs the agent, for Deployments, StatefulSets and DaemonSets. */
  agentPodTemplate(spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate>;
  /**
   * Leases a warm 3x3 world (namespaces x, y, z; pods a, b, c in each) from the pool, returned after. Policies of the last
   * holder are still there until the case calls `sweep`, and labels as it left them until the case calls `relabel`.
   */
  grid(): Promise<Grid>;
  /** Named sub-step, timed, shown in Allure. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  attach(name: string, content: string, mime?: 'text/plain' | 'application/json' | 'text/yaml' | 'image/svg+xml'): void;
  parameter(name: string, value: string): void;
  /** Numbers a report shows: settle times, latencies, downtime. `unit` 'ms' | 'us' | 'count' | 'bytes' | 'ratio'. */
  measure(name: string, value: number, unit: MeasureUnit, labels?: Record<string, string>): void;
  /**
   * Samples until `consecutiveToSettle` agreeing results; records time to settle as `settle:<what>`. Throws
   * NOT_SETTLED with the trail and the last disagreement. `sample` returns undefined when it agrees with the
   * expectation, else one line saying what was seen; it throws InconclusiveError when the tool broke.
   */
  settle(what: string, sample: () => Promise<string | undefined>, options?: { timeoutMs?: number }): Promise<number>;
  /**
   * Prepares a fault; nothing happens before its `inject()`. Reverted after the case whatever happens, and by the nodes
   * themselves after `deadlineMs` (default Timeouts.faultDeadlineMs). Its phases go to the event log.
   */
  fault(plan: FaultPlan, options?: { deadlineMs?: number }): Fault;
  /** Runs `undo` after the case, in reverse order, also on Ctrl-C. */
  defer(title: string, undo: () => Promise<void>): void;
}

export type MeasureUnit = 'ms' | 'us' | 'count' | 'bytes' | 'ratio';

export interface StandingFleet {
  readonly agents: readonly Agent[];
  readonly hostAgents: readonly Agent[];
  /** Ports every standing agent serves. */
  readonly ports: readonly AgentPort[];
  /** Ports every host agent serves on its node's addresses. */
  readonly hostPorts: readonly AgentPort[];
  /** Two agents on one node; a client and a server. */
  sameNode(): readonly [Agent, Agent];
  /** Two agents on different nodes; throws InconclusiveError on a one-node cluster (declare need MultiNode). */
  otherNode(): readonly [Agent, Agent];
  onNode(node: string): readonly Agent[];
}

export type Labels = Readonly<Record<string, string>>;

export interface GridPod {
  /** `x/a` */
  readonly key: string;
  readonly namespaceKey: string;
  readonly podKey: string;
  readonly agent: Agent;
  readonly serviceIp: string;
  readonly serviceName: string;
}

export interface Grid {
  /** logical namespace key -> real name */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly pods: readonly GridPod[];
  /** Every grid pod serves TCP, UDP (and SCTP where present) on 80 and 81, named serve-80-tcp, serve-81-udp ... */
  readonly ports: readonly AgentPort[];
  /** Labels as they are of a namespace (`x`) or a pod (`x/a`): a holder before may have changed some. */
  labels(key: string): Labels;
  /** Deletes the policies that earlier holders left, but for those named (`<real namespace>/<name>`); resolves once deleted. */
  sweep(keep?: ReadonlySet<string>): Promise<void>;
  /** Deletes all those policies and puts back the labels that earlier holders changed; does not wait for the datapath. */
  relabel(): Promise<void>;
}
