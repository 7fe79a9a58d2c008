/** Name of a file in `cni/`, or `other` for what an existing cluster may run besides. */
export type CniName = string;
/** Name of a file in `mesh/`, or `none`. */
export type MeshName = string;

export const otherCni: CniName = 'other';
export const noMesh: MeshName = 'none';

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
 * What Kubernetes promises of every cluster (Services: a NodePort on every node, a pod that may reach itself through its
 * Service): never optional, so a case that needs one runs and fails where it is broken, on any provider.
 */
export const universalFeatures: ReadonlySet<Feature> = new Set<Feature>(['NodePort', 'Hairpin']);
