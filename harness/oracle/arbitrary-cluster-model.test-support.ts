import fc from 'fast-check';
import { networkPolicies } from './arbitraries.ts';
import { admin, baseline, byName, cluster } from './arbitrary-tier-policies.test-support.ts';
import type { ClusterModel, Labels, PodModel, ServiceModel } from './model-types.ts';
import { maybe, number, protocol, words } from './vocabulary.test-support.ts';

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
