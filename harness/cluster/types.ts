import type { Agent } from '../probe/agent-types.ts';
import type { CniName, Feature, MeshName } from '../../clusters/names.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { Kube } from '../kube/types.ts';
import type { AgentPort } from '../probe/types.ts';
import type { NodeExec } from '../node/types.ts';

/** `undetermined`: nobody could look, or what was seen tells nothing of it. That is never the same as `no`. */
export type Observed = boolean | 'undetermined';

/**
 * `declared` is what the CNI's data file claims, `observed` what was measured on this very cluster. A case whose
 * feature is declared but not observed RUNS and fails: a broken policy agent must not look like a skip.
 */
export interface FeatureState {
  readonly feature: Feature;
  readonly observed: Observed;
  readonly declared: boolean | 'unknown';
  /** What was seen, in words: "kernel has no sctp: socket() says EPROTONOSUPPORT". */
  readonly evidence: string;
}

export interface ClusterInfo {
  readonly name: string;
  readonly provider: 'kind' | 'kubeconfig';
  readonly kubernetes: string;
  readonly cni: CniName;
  readonly cniVersion: string;
  readonly mesh: MeshName;
  readonly meshVersion: string;
  readonly podCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly clusterDomain: string;
  readonly dnsIp: string;
  readonly nodes: readonly NodeInfo[];
  /** Cores that pods have, each machine counted once; 0 where the nodes do not say. */
  readonly cpus: number;
  readonly features: ReadonlyMap<Feature, FeatureState>;
  /** image reference -> digest or content hash. */
  readonly images: Readonly<Record<string, string>>;
}

/** Where a provider can put something beside the cluster: its address is no pod's and no node's, it is reached by pods. */
export interface Outside {
  /** Starts an agent serving `ports` under a name unique in the run. @throws OrdealError CLUSTER, AGENT. */
  start(name: string, ports: readonly AgentPort[]): Promise<Agent>;
  /** Removes what was begun under that name; harmless where nothing was. */
  stop(name: string): Promise<void>;
}

/** A live cluster. `nodeExec` is absent where nodes cannot be entered (provider `kubeconfig`). */
export interface Cluster {
  readonly info: ClusterInfo;
  readonly kube: Kube;
  readonly nodeExec?: NodeExec;
  /** Absent where the provider cannot (provider `kubeconfig`). */
  readonly outside?: Outside;
  /** Image of a Node.js >= 22 runtime that probe pods run the agent bundle in. */
  readonly agentImage: string;
}
