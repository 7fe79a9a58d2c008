import { compileCidr, parseAddress, type Address } from '../base/cidr.ts';
import { asResolution, type Resolution, type Wire } from './flow.ts';
import { nodeParty, podParty, type Party } from './party.ts';
import { labelOf, notOffered, throughService, type Entrance } from './service-flow.ts';
import type { ServiceModel } from './model-types.ts';
import type { IndexedPod, ClusterModelIndex } from './cluster-model-index.ts';

/**
 * Returns what a packet to an external IP or load balancer address of a Service becomes, undefined where no Service has
 * the address, or only a node's own address is left. Every node's proxy answers for these addresses, so a client inside
 * the cluster enters on its own node. Source: Kubernetes "Virtual IPs and Service Proxies", "External IPs" of "Service".
 */
export function throughPublished(
  index: ClusterModelIndex,
  wire: Wire,
  from: Party,
  ip: string,
): Resolution | undefined {
  const services = index.publishedAt(ip);
  const [first] = services;
  if (first === undefined) return undefined;
  for (const service of services) {
    const offered = service.ports.find((it) => it.port === wire.port && it.protocol === wire.protocol);
    if (offered === undefined) continue;
    if (!takes(service, from, ip)) {
      const text = `${labelOf(service)} takes no client outside its loadBalancerSourceRanges`;
      return { verdict: 'dropped', text };
    }
    return throughService(index, wire, from, {
      offered,
      ...externally(index, service, from),
      dialled: [parseAddress(ip)],
    });
  }
  return index.nodeAt(ip) === undefined ? notOffered(labelOf(first), wire) : undefined;
}

function takes({ loadBalancerIPs = [], loadBalancerSourceRanges = [] }: ServiceModel, from: Party, ip: string) {
  if (loadBalancerSourceRanges.length === 0 || !loadBalancerIPs.includes(ip)) return true;
  return loadBalancerSourceRanges.map(compileCidr).some((inside) => from.addresses.some(inside));
}

/** Returns what a packet to a node becomes: through a node port, to a pod's host port, or undefined for the node itself. */
export function throughNode(
  index: ClusterModelIndex,
  wire: Wire,
  from: Party,
  to: Party,
  dialled: readonly Address[],
): Resolution | undefined {
  if (to.node === undefined || to.pod !== undefined) return undefined;
  const published = index.nodePort(wire.port, wire.protocol);
  if (published !== undefined) {
    const { service, port: offered } = published;
    return throughService(index, wire, from, { offered, ...externally(index, service, from, to.node), dialled });
  }
  const bound = index.hostPorts(to.node).flatMap((pod) => bindingOf(pod, wire, dialled));
  const [first] = bound;
  const address = dialled.find((it) => from.addresses.some(({ family }) => family === it.family));
  if (first === undefined || address === undefined) return undefined;
  const translation = { viaService: true, dialled: { address, port: wire.port } };
  const target = { ...first, addresses: first.party.addresses.filter((it) => it.family === address.family) };
  return { ...asResolution(from, [target], translation), via: `host port ${wire.port} of ${to.name}` };
}

function bindingOf(pod: IndexedPod, { port, protocol }: Wire, dialled: readonly Address[]) {
  // A hostNetwork pod listens on the node itself: nothing is translated.
  if (pod.pod.hostNetwork === true) return [];
  const bound = pod.pod.containerPorts.find(
    (it) => it.hostPort === port && it.protocol === protocol && isAt(it.hostIP, dialled),
  );
  return bound === undefined ? [] : [{ party: podParty(pod), port: bound.port, protocol }];
}

function isAt(hostIP: string | undefined, dialled: readonly Address[]): boolean {
  if (hostIP === undefined || hostIP === '0.0.0.0' || hostIP === '::') return true;
  const { family, value } = parseAddress(hostIP);
  return dialled.some((it) => it.family === family && it.value === value);
}

/**
 * externalTrafficPolicy as kube-proxy reads it: pods, and a node's own processes, are no external traffic and meet every
 * endpoint. Where a load balancer sends a client to is unknown but for this: only to nodes with an endpoint. `Cluster`
 * lets the node put its own address in the client's place; whether policy sees that, the API leaves open.
 */
function externally(
  index: ClusterModelIndex,
  service: ServiceModel,
  from: Party,
  entry?: string,
): Pick<Entrance, 'service' | 'trafficPolicy' | 'fromNode' | 'rewritten'> {
  const local = service.externalTrafficPolicy === 'Local';
  if (!local) return { service, trafficPolicy: 'Cluster', rewritten: rewriters(index, from, entry) };
  const internal = from.pod !== undefined || entry === undefined || from.node === entry;
  return internal ? { service, trafficPolicy: 'Cluster' } : { service, trafficPolicy: 'Local', fromNode: entry };
}

/** Nodes by their addresses alone: rewritten traffic is not the node's own, which policy would have to let pass. */
function rewriters(index: ClusterModelIndex, from: Party, entry: string | undefined): Party[] {
  const entries = entry === undefined ? index.model.nodes.map(({ name }) => name) : [entry];
  return entries.map((name) => {
    const { addresses } = nodeParty(index, name);
    return { name: `${from.name} as node ${name}`, addresses };
  });
}
