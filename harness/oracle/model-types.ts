import type {
  AdminNetworkPolicy,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
} from '../kube/admin-network-policy.ts';
import type { NetworkPolicy, Protocol } from '../kube/network-policy.ts';

export type Labels = Readonly<Record<string, string>>;

/** What a container declares: names for policies and Services, and the port of the node it is bound to. */
export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly hostPort?: number;
  /** The node address `hostPort` is bound to; absent: every one. */
  readonly hostIP?: string;
}

export interface PodModel {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** First is the primary; at most one per family. */
  readonly ips: readonly string[];
  readonly node: string;
  readonly hostNetwork?: boolean;
  readonly containerPorts: readonly ContainerPort[];
  /** Ports something really listens on. Absent: unknown, then whatever policy admits counts as `open`. */
  readonly serving?: readonly { readonly port: number; readonly protocol: Protocol }[];
  readonly hostname?: string;
  readonly subdomain?: string;
  /** Absent: ready. */
  readonly ready?: boolean;
  readonly terminating?: boolean;
  /** Names of the workloads it belongs to; each of them stands for all its pods. */
  readonly workloads?: readonly string[];
}

/** A workload that has no pod, with the reason: `Deployment with replicas: 0`. */
export interface IdleWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly why: string;
}

/** `kubernetes.io/metadata.name` is implied: the oracle adds it where `labels` lack it. */
export interface NamespaceModel {
  readonly name: string;
  readonly labels: Labels;
}

export interface NodeModel {
  readonly name: string;
  readonly ips: readonly string[];
  readonly labels: Labels;
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Number, or a container port name resolved on each endpoint's pod. Absent: same as `port`. */
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

/** A port as an EndpointSlice tells it: `name` is that of the Service's port. */
export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** An endpoint in the Service's own namespace: a pod, or addresses alone. `serving` defaults to `ready`. */
export interface EndpointModel {
  readonly pod?: string;
  /** Absent: those of the pod. */
  readonly ips?: readonly string[];
  readonly node?: string;
  readonly hostname?: string;
  readonly ready: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  /** Absent: the Service's target port, looked up on the pod. */
  readonly ports?: readonly EndpointPort[];
}

export interface ServiceModel {
  readonly namespace: string;
  readonly name: string;
  /** Empty for headless and ExternalName Services. */
  readonly clusterIPs: readonly string[];
  readonly ports: readonly ServicePort[];
  /** Absent or empty: no pod, only `endpoints`. */
  readonly selector?: Labels;
  /** Absent: every pod of the namespace that `selector` selects. */
  readonly endpoints?: readonly EndpointModel[];
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  /** Addresses of the load balancer that the proxy of every node answers for. */
  readonly loadBalancerIPs?: readonly string[];
  /** Clients the load balancer takes; absent or empty: all. */
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly publishNotReadyAddresses?: boolean;
  readonly internalTrafficPolicy?: 'Cluster' | 'Local';
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** Everything a judgement depends on, as plain data; nothing is read from anywhere else. */
export interface ClusterModel {
  readonly namespaces: readonly NamespaceModel[];
  readonly pods: readonly PodModel[];
  readonly nodes: readonly NodeModel[];
  readonly services: readonly ServiceModel[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly adminNetworkPolicies?: readonly AdminNetworkPolicy[];
  readonly baselineAdminNetworkPolicies?: readonly BaselineAdminNetworkPolicy[];
  readonly clusterNetworkPolicies?: readonly ClusterNetworkPolicy[];
  readonly idle?: readonly IdleWorkload[];
}
