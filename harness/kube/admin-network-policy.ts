import { z } from 'zod';
import { Cidr, PortName, PortNumber } from './api-rules.ts';
import { LabelSelector, Protocol } from './network-policy.ts';

/** v1alpha1 wants both selectors, v1alpha2 only the pods': no namespaceSelector means every namespace. */
const NamespacedPods = z.strictObject({ namespaceSelector: LabelSelector, podSelector: LabelSelector });
const AnyNamespacePods = NamespacedPods.partial({ namespaceSelector: true });

const exactlyOne = (it: object) => Object.values(it).filter((value) => value !== undefined).length === 1;
const oneField = { error: 'exactly one field must be set' };

const podsOrNamespaces = <P extends z.ZodType>(pods: P) =>
  z.strictObject({ namespaces: LabelSelector.optional(), pods: pods.optional() }).refine(exactlyOne, oneField);
/** Labels of a domain, the first of which may be `*`; pattern of DomainName in the network-policy-api. */
const DomainName = z
  .string()
  .regex(/^(\*\.)?([a-z0-9]([-a-z0-9_]*[a-z0-9])?\.)+[a-z0-9]([-a-z0-9_]*[a-z0-9])?\.?$/i, { error: 'no domain name' });
/** Who an egress rule is about; `nodes`, `networks` and `domainNames` only stand there. */
const egressPeer = <P extends z.ZodType>(pods: P) =>
  z
    .strictObject({
      namespaces: LabelSelector.optional(),
      pods: pods.optional(),
      nodes: LabelSelector.optional(),
      networks: z.array(Cidr).min(1).max(25).optional(),
      domainNames: z.array(DomainName).min(1).max(25).optional(),
    })
    .refine(exactlyOne, oneField);

const alpha1 = { Subject: podsOrNamespaces(NamespacedPods), EgressPeer: egressPeer(NamespacedPods) };
const alpha2 = { Subject: podsOrNamespaces(AnyNamespacePods), EgressPeer: egressPeer(AnyNamespacePods) };
export type TierSubject = z.infer<typeof alpha2.Subject>;
export type TierPeer = z.infer<typeof alpha2.EgressPeer>;

const AdminPort = z
  .strictObject({
    portNumber: z.strictObject({ protocol: Protocol.optional(), port: PortNumber }).optional(),
    namedPort: PortName.optional(),
    portRange: z.strictObject({ protocol: Protocol.optional(), start: PortNumber, end: PortNumber }).optional(),
  })
  .refine(exactlyOne, oneField);
export type AdminPort = z.infer<typeof AdminPort>;

const ClusterPort = z
  .strictObject({
    number: PortNumber.optional(),
    range: z
      .strictObject({ start: PortNumber, end: PortNumber })
      .refine(({ start, end }) => start < end, { error: 'start must be less than end' })
      .optional(),
  })
  .refine(exactlyOne, oneField);
// MinProperties=1: `tcp: {}` is refused.
const L4 = z.strictObject({ destinationPort: ClusterPort });
const ClusterProtocol = z
  .strictObject({
    tcp: L4.optional(),
    udp: L4.optional(),
    sctp: L4.optional(),
    destinationNamedPort: PortName.optional(),
  })
  .refine(exactlyOne, oneField);
export type ClusterProtocol = z.infer<typeof ClusterProtocol>;

interface Shape<S extends z.ZodType, P extends z.ZodType, A extends z.ZodType, M extends z.ZodRawShape> {
  readonly peers: { readonly Subject: S; readonly EgressPeer: P };
  readonly action: A;
  readonly match: M;
  readonly maxRules: number;
}

function rules<S extends z.ZodType, P extends z.ZodType, A extends z.ZodType, M extends z.ZodRawShape>(
  shape: Shape<S, P, A, M>,
) {
  const { peers, action, match, maxRules } = shape;
  const common = { name: z.string().max(100).optional(), action, ...match };
  const ingress = z.strictObject({ ...common, from: z.array(peers.Subject).min(1) });
  const egress = z.strictObject({ ...common, to: z.array(peers.EgressPeer).min(1) }).refine(namesOnlyAccepted, {
    error: 'domainNames only stand in rules that accept',
    path: ['action'],
  });
  return { ingress: z.array(ingress).max(maxRules).optional(), egress: z.array(egress).max(maxRules).optional() };
}

/** network-policy-api: "DomainNames is only supported for Accept rules". */
function namesOnlyAccepted({ action, to }: Record<string, unknown>): boolean {
  const named = Array.isArray(to) && to.some((peer: object) => 'domainNames' in peer);
  return !named || action === 'Accept' || action === 'Allow';
}

const priority = z.int().min(0).max(1000);
const metadata = z.looseObject({ name: z.string() });
const clusterMatch = { protocols: z.array(ClusterProtocol).min(1).max(25).optional() };
const adminMatch = { ports: z.array(AdminPort).max(100).optional() };

/** AdminNetworkPolicy `policy.networking.k8s.io/v1alpha1`: lower priority number first, first matching rule decides. */
export const AdminNetworkPolicy = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'),
  kind: z.literal('AdminNetworkPolicy'),
  metadata,
  spec: z.strictObject({
    priority,
    subject: alpha1.Subject,
    ...rules({ peers: alpha1, action: z.enum(['Allow', 'Deny', 'Pass']), match: adminMatch, maxRules: 100 }),
  }),
});
export type AdminNetworkPolicy = z.infer<typeof AdminNetworkPolicy>;

/** BaselineAdminNetworkPolicy `policy.networking.k8s.io/v1alpha1`: one per cluster, asked where no NetworkPolicy selects. */
export const BaselineAdminNetworkPolicy = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'),
  kind: z.literal('BaselineAdminNetworkPolicy'),
  metadata: metadata.refine(({ name }) => name === 'default', { error: 'must be called default', path: ['name'] }),
  spec: z.strictObject({
    subject: alpha1.Subject,
    ...rules({ peers: alpha1, action: z.enum(['Allow', 'Deny']), match: adminMatch, maxRules: 100 }),
  }),
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
    subject: alpha2.Subject,
    ...rules({ peers: alpha2, action: z.enum(['Accept', 'Deny', 'Pass']), match: clusterMatch, maxRules: 25 }),
  }),
});
export type ClusterNetworkPolicy = z.infer<typeof ClusterNetworkPolicy>;
