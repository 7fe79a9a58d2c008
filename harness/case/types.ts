import type { Feature } from '../../clusters/names.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Fault, FaultPlan } from '../fault/types.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Reading } from '../baseline/deviations.ts';
import type { Grid } from '../netpol/grid-types.ts';
import type { StandingFleet } from '../probe/standing-fleet.ts';
import type { Agent, AgentPodSpec, PodTemplate } from '../probe/types.ts';
import type { CheckContext } from '../table/check-context.ts';

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
  /** Where the rule comes from, in the forms of `sourceLinks`: specification sections, KEPs, RFCs, e2e tests, URLs. */
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

export interface CaseContext extends CheckContext {
  readonly cluster: Cluster;
  readonly kube: Kube;
  /** The baseline of this CNI says that the case will fail: nobody waits the full time for that. */
  readonly knownFailure: boolean;
  /** How the baseline of this CNI says it reads policies; none where it does not say. */
  readonly readings: readonly Reading[];
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
   * holder are still there until the case calls `deletePolicies`, and labels as it left them until the case calls `resetLabels`.
   */
  grid(): Promise<Grid>;
  /**
   * Prepares a fault; nothing happens before its `inject()`. Reverted after the case whatever happens, and by the nodes
   * themselves after `deadlineMs` (default Timeouts.faultDeadlineMs). Its phases go to the event log.
   */
  fault(plan: FaultPlan, options?: { deadlineMs?: number }): Fault;
}
