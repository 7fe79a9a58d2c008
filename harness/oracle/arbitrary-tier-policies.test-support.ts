import fc from 'fast-check';
import type { AdminPort, ClusterProtocol } from '../kube/admin-network-policy.ts';
import { labelSelector } from './arbitraries.ts';
import { maybe, number, protocol, words } from './vocabulary.test-support.ts';

const podSelector = labelSelector(words.podLabels);
const namespaceSelector = labelSelector(words.namespaceLabels);
const subject = fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: fc.record({ podSelector, namespaceSelector }) }),
);
const networks = fc.uniqueArray(fc.constantFrom(...words.cidrs), { minLength: 1, maxLength: 2 });
const egressPeer = fc.oneof(
  subject,
  fc.record({ networks }),
  fc.record({ nodes: labelSelector({ node: ['n1', 'n2', 'q'] }) }),
);
const adminPort: fc.Arbitrary<AdminPort> = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol: maybe(protocol), port: number }) }),
  fc.record({ namedPort: fc.constantFrom(...words.portNames) }),
  fc.record({ portRange: fc.record({ protocol: maybe(protocol), start: fc.constant(79), end: number }) }),
);
const destinationPort = fc.oneof(fc.record({ number }), fc.constant({ range: { start: 79, end: 80 } }));
const clusterProtocol: fc.Arbitrary<ClusterProtocol> = fc.oneof(
  ...(['tcp', 'udp', 'sctp'] as const).map((it) =>
    destinationPort.map((port) => ({ [it]: { destinationPort: port } })),
  ),
  fc.constantFrom(...words.portNames).map((it) => ({ destinationNamedPort: it })),
);

/** Only rules that accept may name domains. */
const accepts = (action: string) => action === 'Accept' || action === 'Allow';
const rules = <A extends string, M>(action: readonly A[], match: fc.Arbitrary<M>) => {
  const some = <T>(it: fc.Arbitrary<T>) => fc.array(it, { minLength: 1, maxLength: 2 });
  const common = fc.tuple(fc.constantFrom(...action), match).map(([it, more]) => ({ action: it, ...more }));
  const ingress = fc.tuple(common, some(subject)).map(([it, from]) => ({ ...it, from }));
  const named = fc.constant<{ domainNames: string[] }>({ domainNames: ['*.example.com'] });
  const egress = fc
    .tuple(common, some(egressPeer), maybe(named))
    .map(([it, to, names]) => ({ ...it, to: names && accepts(it.action) ? [...to, names] : to }));
  return { ingress: maybe(fc.array(ingress, { maxLength: 3 })), egress: maybe(fc.array(egress, { maxLength: 3 })) };
};
const ports = fc.record({ ports: maybe(fc.array(adminPort, { maxLength: 2 })) });
const clusterMatch = fc.record({ protocols: maybe(fc.array(clusterProtocol, { minLength: 1, maxLength: 2 })) });
const priority = fc.nat(3);
const v1alpha1 = fc.constant('policy.networking.k8s.io/v1alpha1' as const);
const named = (name: string) => fc.constant({ name });

export const admin = fc.record({
  apiVersion: v1alpha1,
  kind: fc.constant('AdminNetworkPolicy' as const),
  metadata: fc.nat(9).chain((it) => named(`a${it}`)),
  spec: fc.record({ priority, subject, ...rules(['Allow', 'Deny', 'Pass'] as const, ports) }),
});
export const baseline = fc.record({
  apiVersion: v1alpha1,
  kind: fc.constant('BaselineAdminNetworkPolicy' as const),
  metadata: named('default'),
  spec: fc.record({ subject, ...rules(['Allow', 'Deny'] as const, ports) }),
});
export const cluster = fc.record({
  apiVersion: fc.constant('policy.networking.k8s.io/v1alpha2' as const),
  kind: fc.constant('ClusterNetworkPolicy' as const),
  metadata: fc.nat(9).chain((it) => named(`c${it}`)),
  spec: fc.record({
    tier: fc.constantFrom('Admin' as const, 'Baseline' as const),
    priority,
    subject,
    ...rules(['Accept', 'Deny', 'Pass'] as const, clusterMatch),
  }),
});
/** Two of a kind at most, no two of one name. */
export const byName = { selector: (it: { metadata: { name: string } }) => it.metadata.name, maxLength: 2 };
