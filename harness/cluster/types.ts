import type { ExecResult, Kube } from '../kube/types.ts';

export type CniName = 'flannel' | 'calico' | 'cilium' | 'other';
export type MeshName = 'none' | 'istio' | 'linkerd';

/** Closed list of what a case can need from a cluster. A skip names one of these, what was found and needed. */
export const features = [
  'NetworkPolicy',
  'SCTP',
  'IPv6',
  'DualStack',
  'KubeProxy',
  'NodeAccess',
  'Hairpin',
  'MultiNode',
  'NodePort',
  'HostPort',
  'AdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'Mesh',
  'MeshMetrics',
  'Netem',
  'NfQueue',
  'WorkloadAdmin',
] as const;
export type Feature = (typeof features)[number];

/**
 * `declared` is what the CNI's data file claims, `observed` what was measured on this very cluster. A case whose
 * feature is declared but not observed RUNS and fails: a broken policy agent must not look like a skip.
 */
export interface FeatureState {
  readonly feature: Feature;
  readonly observed: boolean;
  readonly declared: boolean | 'unknown';
  /** What was seen, in words: "kernel has no sctp: socket() says EPROTONOSUPPORT". */
  readonly evidence: string;
}

export interface NodeInfo {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly ip: string;
  readonly ips: readonly string[];
  readonly zone: string;
  readonly kernel: string;
  readonly schedulable: boolean;
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
  readonly features: ReadonlyMap<Feature, FeatureState>;
  /** image reference -> digest or content hash. */
  readonly images: Readonly<Record<string, string>>;
}

/** A live cluster. `nodeExec` is absent where nodes cannot be entered (provider `kubeconfig`). */
export interface Cluster {
  readonly info: ClusterInfo;
  readonly kube: Kube;
  /** Runs a command in a node's root namespaces; a non-zero exit is a result, not an error. */
  readonly nodeExec?: (
    node: string,
    argv: readonly string[],
    options?: { timeoutMs?: number; stdin?: string },
  ) => Promise<ExecResult>;
  /** Image of a Node.js >= 22 runtime that probe pods run the agent bundle in. */
  readonly agentImage: string;
}
