import { z } from 'zod';
import { LabelSelector, Protocol } from './network-policy.ts';

const Cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'not a CIDR such as 10.0.0.0/8 or fd00::/8' });
const portNumber = z.int().min(1).max(65535);
const NamespacedPods = z.strictObject({ namespaceSelector: LabelSelector, podSelector: LabelSelector });

const exactlyOne = (it: object) => Object.values(it).filter((value) => value !== undefined).length === 1;
const oneField = { error: 'exactly one field must be set' };

const Subject = z
  .strictObject({ namespaces: LabelSelector.optional(), pods: NamespacedPods.optional() })
  .refine(exactlyOne, oneField);
export type TierSubject = z.infer<typeof Subject>;

/** Who a tier rule is about. `nodes` and `networks` only stand in egress rules; `domainNames` is not judged. */
const IngressPeer = z
  .strictObject({ namespaces: LabelSelector.optional(), pods: NamespacedPods.optional() })
  .refine(exactlyOne, oneField);
const EgressPeer = z
  .strictObject({
    namespaces: LabelSelector.optional(),
    pods: NamespacedPods.optional(),
    nodes: LabelSelector.optional(),
    networks: z.array(Cidr).min(1).max(25).optional(),
    domainNames: z.array(z.string()).min(1).max(25).optional(),
  })
  .refine(exactlyOne, oneField);
export type TierPeer = z.infer<typeof EgressPeer>;

const AdminPort = z
  .strictObject({
    portNumber: z.strictObject({ protocol: Protocol.optional(), port: portNumber }).optional(),
    namedPort: z.string().optional(),
    portRange: z.strictObject({ protocol: Protocol.optional(), start: portNumber, end: portNumber }).optional(),
  })
  .refine(exactlyOne, oneField);
export type AdminPort = z.infer<typeof AdminPort>;

const ClusterPort = z
  .strictObject({
    number: portNumber.optional(),
    range: z.strictObject({ start: portNumber, end: portNumber }).optional(),
  })
  .refine(exactlyOne, oneField);
const L4 = z.strictObject({ destinationPort: ClusterPort.optional() });
const ClusterProtocol = z
  .strictObject({
    tcp: L4.optional(),
    udp: L4.optional(),
    sctp: L4.optional(),
    destinationNamedPort: z.string().optional(),
  })
  .refine(exactlyOne, oneField);
export type ClusterProtocol = z.infer<typeof ClusterProtocol>;

const rules = <A extends z.ZodType, M extends z.ZodRawShape>(action: A, match: M) => ({
  ingress: z
    .array(z.strictObject({ name: z.string().optional(), action, from: z.array(IngressPeer).min(1), ...match }))
    .max(100)
    .optional(),
  egress: z
    .array(z.strictObject({ name: z.string().optional(), action, to: z.array(EgressPeer).min(1), ...match }))
    .max(100)
    .optional(),
});
const priority = z.int().min(0).max(1000);
const metadata = z.looseObject({ name: z.string() });
const adminMatch = { ports: z.array(AdminPort).max(100).optional() };

/** AdminNetworkPolicy `policy.networking.k8s.io/v1alpha1`: lower priority number first, first matching rule decides. */
export const AdminNetworkPolicy = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'),
  kind: z.literal('AdminNetworkPolicy'),
  metadata,
  spec: z.strictObject({ priority, subject: Subject, ...rules(z.enum(['Allow', 'Deny', 'Pass']), adminMatch) }),
});
export type AdminNetworkPolicy = z.infer<typeof AdminNetworkPolicy>;

/** BaselineAdminNetworkPolicy `policy.networking.k8s.io/v1alpha1`: one per cluster, asked where no NetworkPolicy selects. */
export const BaselineAdminNetworkPolicy = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'),
  kind: z.literal('BaselineAdminNetworkPolicy'),
  metadata,
  spec: z.strictObject({ subject: Subject, ...rules(z.enum(['Allow', 'Deny']), adminMatch) }),
});
export type BaselineAdminNetworkPolicy = z.infer<typeof BaselineAdminNetworkPolicy>;

/** ClusterNetworkPolicy `policy.networking.k8s.io/v1alpha2`: both tiers in one kind, Accept instead of Allow. */
export const ClusterNetworkPolicy = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha2'),
  kind: z.literal('ClusterNetworkPolicy'),
  metadata,
  spec: z.strictObject({
    tier: z.enum(['Admin', 'Baseline']),
    priority,
    subject: Subject,
    ...rules(z.enum(['Accept', 'Deny', 'Pass']), { protocols: z.array(ClusterProtocol).min(1).max(25).optional() }),
  }),
});
export type ClusterNetworkPolicy = z.infer<typeof ClusterNetworkPolicy>;
