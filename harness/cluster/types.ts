import type { CniName, Feature, MeshName } from '../../clusters/names.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { Kube } from '../kube/types.ts';
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

/** A live cluster. `nodeExec` is absent where nodes cannot be entered (provider `kubeconfig`). */
export interface Cluster {
  readonly info: ClusterInfo;
  readonly kube: Kube;
  readonly nodeExec?: NodeExec;
  /** Image of a Node.js >= 22 runtime that probe pods run the agent bundle in. */
  readonly agentImage: string;
}
