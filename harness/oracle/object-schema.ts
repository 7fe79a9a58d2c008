import { z } from 'zod';
import { AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy } from '../kube/admin-network-policy.ts';
import { NetworkPolicy, Protocol } from '../kube/network-policy.ts';

const labels = z.record(z.string(), z.string()).default({});
const metadata = z.object({ name: z.string(), namespace: z.string().default('default'), labels });
const strings = z.record(z.string(), z.string());

const ContainerPort = z
  .object({ name: z.string().optional(), containerPort: z.int(), protocol: Protocol.default('TCP') })
  .transform(({ name, containerPort, protocol }) => ({ name, port: containerPort, protocol }));
const Container = z.object({ ports: z.array(ContainerPort).default([]), restartPolicy: z.string().optional() });
const PodSpec = z.object({
  nodeName: z.string().default(''),
  hostNetwork: z.boolean().default(false),
  hostname: z.string().optional(),
  subdomain: z.string().optional(),
  containers: z.array(Container).default([]),
  initContainers: z.array(Container).default([]),
});
const Template = z.object({ metadata: z.object({ labels }).default({ labels: {} }), spec: PodSpec });
const kind = <K extends string>(name: K) => z.literal(name);

const Pod = z.object({
  kind: kind('Pod'),
  metadata,
  spec: PodSpec,
  status: z
    .object({ phase: z.string().optional(), podIPs: z.array(z.object({ ip: z.string() })).default([]) })
    .default({ podIPs: [] }),
});
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'] as const;
const Workload = z.object({
  kind: z.enum(workloadKinds),
  metadata,
  spec: z.object({ template: Template }),
});
const Namespace = z.object({ kind: kind('Namespace'), metadata });
const Node = z.object({
  kind: kind('Node'),
  metadata,
  status: z
    .object({ addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]) })
    .default({ addresses: [] }),
});
const ServicePort = z.object({
  name: z.string().optional(),
  port: z.int(),
  protocol: Protocol.default('TCP'),
  targetPort: z.union([z.int(), z.string()]).optional(),
  nodePort: z.int().optional(),
});
const policy = z.enum(['Cluster', 'Local']).optional();
const Service = z.object({
  kind: kind('Service'),
  metadata,
  spec: z.object({
    clusterIP: z.string().optional(),
    clusterIPs: z.array(z.string()).optional(),
    ports: z.array(ServicePort).default([]),
    selector: strings.optional(),
    externalName: z.string().optional(),
    publishNotReadyAddresses: z.boolean().optional(),
    internalTrafficPolicy: policy,
    externalTrafficPolicy: policy,
  }),
});
const Endpoint = z.object({
  conditions: z
    .object({ ready: z.boolean().optional(), serving: z.boolean().optional(), terminating: z.boolean().optional() })
    .default({}),
  targetRef: z.object({ kind: z.string().optional(), name: z.string().optional() }).optional(),
});
const EndpointSlice = z.object({
  kind: kind('EndpointSlice'),
  metadata,
  addressType: z.string().optional(),
  endpoints: z.array(Endpoint).default([]),
});

/** The objects a world is made of; fields the oracle does not read are dropped, policies are checked in full. */
export const KnownObject = z.discriminatedUnion('kind', [
  Pod,
  Workload,
  Namespace,
  Node,
  Service,
  EndpointSlice,
  NetworkPolicy,
  AdminNetworkPolicy,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
]);
export type KnownObject = z.infer<typeof KnownObject>;
export type PodObject = z.infer<typeof Pod>;
export type ServiceObject = z.infer<typeof Service>;
export type SliceObject = z.infer<typeof EndpointSlice>;

export const AnyObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Kinds of `KnownObject` with the API version to list them by. */
export const knownKinds: readonly { readonly apiVersion: string; readonly kind: string; readonly optional?: true }[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'Node' },
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', optional: true },
  { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', optional: true },
  { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', optional: true },
];
