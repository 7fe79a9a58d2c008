import fc from 'fast-check';
import type { AdminPort, ClusterProtocol } from '../kube/admin-network-policy.ts';
import { labelSelector, networkPolicies, type Vocabulary } from './arbitraries.ts';
import type { Attempt, Destination, Labels, Protocol, Source, ClusterModel, PodModel, ServiceModel } from './types.ts';

const protocols: Protocol[] = ['TCP', 'UDP', 'SCTP'];
const words: Vocabulary = {
  namespaces: ['x', 'y'],
  namespaceLabels: { ns: ['x', 'y', 'q'], team: ['red'], 'kubernetes.io/metadata.name': ['x', 'y'] },
  podLabels: { pod: ['a', 'b', 'q'], app: ['web', 'db'] },
  ports: [79, 80, 81],
  portNames: ['web', 'dns', 'absent'],
  protocols,
  cidrs: [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.1.0.0/24',
    '10.1.0.2/32',
    '172.18.0.0/16',
    '172.18.0.2/32',
    '203.0.113.0/25',
    '::/0',
    'fd00::/16',
    'fd00::2/128',
  ],
};
const number = fc.constantFrom(...words.ports);
const protocol = fc.constantFrom(...protocols);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const podSelector = labelSelector(words.podLabels);
const namespaceSelector = labelSelector(words.namespaceLabels);

const labels = fc.record({ pod: fc.constantFrom('a', 'b'), app: fc.constantFrom('web', 'db') }, { requiredKeys: [] });
const wire = fc.record({ port: number, protocol });
const containerPort = fc
  .tuple(wire, maybe(fc.constantFrom('web', 'dns')), maybe(fc.constantFrom(8088, 30080)))
  .map(([it, name, hostPort]) => ({ ...it, name, hostPort }));

function pod(namespace: string, name: string, at: number): fc.Arbitrary<PodModel> {
  return fc.record({
    namespace: fc.constant(namespace),
    name: fc.constant(name),
    labels,
    ips: fc.constantFrom([`10.1.0.${at}`], [`10.1.${at}.2`], [`10.1.0.${at}`, `fd00::${at}`], [`fd00::${at}`]),
    node: fc.constantFrom('n1', 'n2'),
    hostNetwork: fc.integer({ min: 0, max: 9 }).map((it) => it === 0),
    containerPorts: fc.array(containerPort, { maxLength: 3 }),
    serving: maybe(fc.array(wire, { minLength: 2, maxLength: 6 })),
  });
}

function service(pods: readonly PodModel[]): fc.Arbitrary<ServiceModel> {
  const port = fc.record({
    port: number,
    protocol,
    targetPort: maybe(fc.oneof(number, fc.constantFrom('web', 'dns'))),
    nodePort: maybe(fc.constantFrom(30080, 30081)),
  });
  const state = { ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() };
  const slicePort = wire.map((it) => ({ ...it, name: '' }));
  const ports = maybe(fc.array(slicePort, { minLength: 1, maxLength: 3 }));
  const endpoint = (it: PodModel) => fc.record({ pod: fc.constant(it.name), ports, ...state });
  const address = fc.record({
    ips: fc.constantFrom(['203.0.113.7'], ['172.18.0.2'], ['10.1.0.1'], ['fd00:1::9']),
    node: maybe(fc.constantFrom('n1', 'n2')),
    ports,
    ...state,
  });
  const own = pods.filter((it) => it.namespace === 'x');
  return fc.record({
    namespace: fc.constant('x'),
    name: fc.constant('svc'),
    clusterIPs: fc.constantFrom([], ['10.96.0.1'], ['fd96::1'], ['10.96.0.1', 'fd96::1']),
    ports: fc.array(port, { minLength: 1, maxLength: 3 }),
    selector: fc.constantFrom<Labels>({ app: 'web' }, {}),
    endpoints: maybe(fc.oneof(fc.tuple(...own.map(endpoint)), fc.tuple(address, ...own.map(endpoint)))),
    externalIPs: maybe(fc.constantFrom(['203.0.113.50'], ['172.18.0.2'])),
    loadBalancerIPs: maybe(fc.constant(['203.0.113.60'])),
    loadBalancerSourceRanges: maybe(fc.constantFrom([], ['203.0.113.0/25'])),
    externalTrafficPolicy: fc.constantFrom('Cluster' as const, 'Local' as const),
    internalTrafficPolicy: fc.constantFrom('Cluster' as const, 'Local' as const),
    publishNotReadyAddresses: fc.boolean(),
  });
}

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

const admin = fc.record({
  apiVersion: v1alpha1,
  kind: fc.constant('AdminNetworkPolicy' as const),
  metadata: fc.nat(9).chain((it) => named(`a${it}`)),
  spec: fc.record({ priority, subject, ...rules(['Allow', 'Deny', 'Pass'] as const, ports) }),
});
const baseline = fc.record({
  apiVersion: v1alpha1,
  kind: fc.constant('BaselineAdminNetworkPolicy' as const),
  metadata: named('default'),
  spec: fc.record({ subject, ...rules(['Allow', 'Deny'] as const, ports) }),
});
const cluster = fc.record({
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
const byName = { selector: (it: { metadata: { name: string } }) => it.metadata.name, maxLength: 2 };

/** Returns models of four pods on two nodes, one Service, and policies of all kinds. */
export function model(): fc.Arbitrary<ClusterModel> {
  const pods = fc.tuple(pod('x', 'a', 1), pod('x', 'b', 2), pod('y', 'a', 3), pod('y', 'b', 4));
  return pods.chain((all) =>
    fc.record({
      pods: fc.constant(all),
      namespaces: fc.constant([
        { name: 'x', labels: { ns: 'x' } },
        { name: 'y', labels: { ns: 'y', team: 'red' } },
      ]),
      nodes: fc.constant([
        { name: 'n1', ips: ['172.18.0.2', 'fd00::2:1'], labels: { node: 'n1' } },
        { name: 'n2', ips: ['172.18.0.3'], labels: { node: 'n2' } },
      ]),
      services: service(all).map((it) => [it]),
      networkPolicies: networkPolicies(words, 4),
      adminNetworkPolicies: fc.uniqueArray(admin, byName),
      baselineAdminNetworkPolicies: fc.array(baseline, { maxLength: 1 }),
      clusterNetworkPolicies: fc.uniqueArray(cluster, byName),
    }),
  );
}

const podRef = fc.record({
  kind: fc.constant('pod' as const),
  namespace: fc.constantFrom('x', 'y'),
  name: fc.constantFrom('a', 'b'),
});
const node = fc.record({ kind: fc.constant('node' as const), name: fc.constantFrom('n1', 'n2') });
const external = fc.record({
  kind: fc.constant('external' as const),
  ip: fc.constantFrom(
    '203.0.113.7',
    '203.0.113.200',
    'fd00:1::9',
    '10.1.0.1',
    '172.18.0.2',
    '10.96.0.1',
    '203.0.113.50',
    '203.0.113.60',
  ),
});
const served = ['10.96.0.1', '203.0.113.50', '203.0.113.60'];
const outside = external.filter((it) => !served.includes(it.ip));
const from: fc.Arbitrary<Source> = fc.oneof({ weight: 4, arbitrary: podRef }, node, outside);
const to: fc.Arbitrary<Destination> = fc.oneof(
  { weight: 4, arbitrary: podRef },
  { weight: 2, arbitrary: fc.constant({ kind: 'service' as const, namespace: 'x', name: 'svc' }) },
  node,
  external,
);

/** Returns questions about such a model, of every kind of source and destination. */
export const attempt: fc.Arbitrary<Attempt> = fc.record({
  from,
  to,
  port: fc.oneof({ weight: 3, arbitrary: number }, fc.constantFrom(8088, 30080, 30081)),
  protocol,
});
