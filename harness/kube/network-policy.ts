import { z } from 'zod';
import { narrower } from '../base/cidr.ts';
import { Cidr, LabelKey, Labels, LabelValue, PortName, PortNumber } from './api-rules.ts';

export const Protocol = z.enum(['TCP', 'UDP', 'SCTP']);
export type Protocol = z.infer<typeof Protocol>;

const Requirement = z
  .strictObject({
    key: LabelKey,
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: z.array(LabelValue).optional(),
  })
  .refine((it) => (it.values ?? []).length > 0 === (it.operator === 'In' || it.operator === 'NotIn'), {
    error: 'In and NotIn need values, Exists and DoesNotExist forbid them',
    path: ['values'],
  });

/** Kubernetes label selector: all of `matchLabels` and all of `matchExpressions` must hold; empty selects everything. */
export const LabelSelector = z.strictObject({
  matchLabels: Labels.optional(),
  matchExpressions: z.array(Requirement).optional(),
});
export type LabelSelector = z.infer<typeof LabelSelector>;

const IpBlock = z
  .strictObject({ cidr: Cidr, except: z.array(Cidr).optional() })
  .refine(({ cidr, except = [] }) => except.every((it) => narrower(it, cidr)), {
    error: 'every exception must be a strict part of cidr',
    path: ['except'],
    // Malformed CIDRs are reported by their own field.
    when: ({ issues }) => issues.length === 0,
  });
export type IpBlock = z.infer<typeof IpBlock>;

const NetworkPolicyPeer = z
  .strictObject({
    podSelector: LabelSelector.optional(),
    namespaceSelector: LabelSelector.optional(),
    ipBlock: IpBlock.optional(),
  })
  .refine((it) => it.ipBlock === undefined || (it.podSelector ?? it.namespaceSelector) === undefined, {
    error: 'ipBlock cannot stand beside podSelector or namespaceSelector in one peer',
  })
  .refine((it) => (it.ipBlock ?? it.podSelector ?? it.namespaceSelector) !== undefined, {
    error: 'a peer needs podSelector, namespaceSelector or ipBlock',
  });
export type NetworkPolicyPeer = z.infer<typeof NetworkPolicyPeer>;

const NetworkPolicyPort = z
  .strictObject({
    protocol: Protocol.optional(),
    port: z.union([PortNumber, PortName]).optional(),
    endPort: PortNumber.optional(),
  })
  .refine((it) => it.endPort === undefined || (typeof it.port === 'number' && it.endPort >= it.port), {
    error: 'endPort needs a numeric port that is not greater',
    path: ['endPort'],
  });
export type NetworkPolicyPort = z.infer<typeof NetworkPolicyPort>;

const ports = z.array(NetworkPolicyPort).optional();
const peers = z.array(NetworkPolicyPeer).optional();

/**
 * NetworkPolicy `networking.k8s.io/v1` as the API server accepts it, with its validation rules. Missing fields stay
 * missing: `ports: undefined` and `ports: []` mean the same, `podSelector: undefined` and `podSelector: {}` do not.
 */
export const NetworkPolicy = z.looseObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: LabelSelector.optional(),
    policyTypes: z
      .array(z.enum(['Ingress', 'Egress']))
      .max(2)
      .optional(),
    ingress: z.array(z.strictObject({ ports, from: peers })).optional(),
    egress: z.array(z.strictObject({ ports, to: peers })).optional(),
  }),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;
