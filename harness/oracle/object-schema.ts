import { z } from 'zod';
import { AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy } from '../kube/admin-network-policy.ts';
import { DnsLabel, DnsSubdomain, Labels } from '../kube/api-rules.ts';
import { NetworkPolicy } from '../kube/network-policy.ts';
import { PodSpec, PodStatus, PodTemplate } from './pod-schema.ts';
import { EndpointSlice, Endpoints, Service } from './service-schema.ts';

const count = z.int().min(0).optional();
const Owner = z.object({ kind: z.string(), name: z.string() });
/** Identity of an object; `generateName` stands in for a name that the API server has yet to make. */
export const Metadata = z.object({
  name: DnsSubdomain,
  namespace: DnsLabel.default('default'),
  labels: Labels.default({}),
  ownerReferences: z.array(Owner).default([]),
  deletionTimestamp: z.string().optional(),
});

const Pod = z.object({ kind: z.literal('Pod'), metadata: Metadata, spec: PodSpec, status: PodStatus });
const Selector = z.object({ matchLabels: Labels.default({}) }).default({ matchLabels: {} });
const Replicated = z.object({
  kind: z.enum(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet']),
  metadata: Metadata,
  spec: z.object({
    replicas: count,
    serviceName: z.string().optional(),
    ordinals: z.object({ start: z.int().default(0) }).optional(),
    selector: Selector,
    template: PodTemplate,
  }),
});
const ReplicationController = z.object({
  kind: z.literal('ReplicationController'),
  metadata: Metadata,
  spec: z.object({ replicas: count, selector: Labels.default({}), template: PodTemplate }),
});
const JobSpec = z.object({
  parallelism: count,
  completions: count,
  suspend: z.boolean().optional(),
  template: PodTemplate,
});
const Condition = z.object({ type: z.string(), status: z.string() });
const Job = z.object({
  kind: z.literal('Job'),
  metadata: Metadata,
  spec: JobSpec,
  status: z
    .object({ completionTime: z.string().optional(), conditions: z.array(Condition).default([]) })
    .default({ conditions: [] }),
});
const CronJob = z.object({
  kind: z.literal('CronJob'),
  metadata: Metadata,
  spec: z.object({ suspend: z.boolean().optional(), jobTemplate: z.object({ spec: JobSpec }) }),
});

const Namespace = z.object({ kind: z.literal('Namespace'), metadata: Metadata.extend({ name: DnsLabel }) });
const NodeAddress = z.object({ type: z.string(), address: z.string() });
const Node = z.object({
  kind: z.literal('Node'),
  metadata: Metadata,
  status: z.object({ addresses: z.array(NodeAddress).default([]) }).default({ addresses: [] }),
});

/** The objects a model is made of; fields the oracle does not read are dropped, policies are checked in full. */
export const KnownObject = z.discriminatedUnion('kind', [
  Pod,
  Replicated,
  ReplicationController,
  Job,
  CronJob,
  Namespace,
  Node,
  Service,
  EndpointSlice,
  Endpoints,
  NetworkPolicy,
  AdminNetworkPolicy,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
]);
export type KnownObject = z.infer<typeof KnownObject>;
export type PodObject = z.infer<typeof Pod>;
export type ReplicatedObject = z.infer<typeof Replicated>;
export type JobObject = z.infer<typeof Job>;
export type WorkloadObject =
  ReplicatedObject | z.infer<typeof ReplicationController> | JobObject | z.infer<typeof CronJob>;

/** What everything has that kubectl takes for an object. */
export const AnyObject = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z
    .looseObject({
      name: z.string().optional(),
      generateName: z.string().optional(),
      namespace: z.string().optional(),
    })
    .refine(({ name, generateName }) => (name ?? '') !== '' || (generateName ?? '') !== '', {
      error: 'name is required',
    }),
});
