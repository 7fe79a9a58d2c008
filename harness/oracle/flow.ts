import { parseAddress, type Address } from '../base/cidr.ts';
import type { Protocol } from '../kube/network-policy.ts';
import { routeService } from './routing.ts';
import type { Attempt, Dispute, ExpectedVerdict, ServicePort, Source, WorldService } from './types.ts';
import type { IndexedPod, WorldIndex } from './world-index.ts';

/** One end of a flow as policy sees it. A hostNetwork pod is its node with `host` naming the pod. */
export interface Party {
  readonly name: string;
  readonly pod?: IndexedPod;
  readonly host?: IndexedPod;
  readonly node?: string;
  readonly addresses: readonly Address[];
}

/** One packet path after Service translation; `source` and `target` are of one address family. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly source: Address;
  readonly target: Address;
  readonly port: number;
  readonly protocol: Protocol;
  readonly hairpin: boolean;
}

/** Where an attempt leads: flows to judge, or the verdict at once where no packet can leave. */
export type Resolution =
  | { readonly flows: readonly Flow[]; readonly via?: string }
  | { readonly verdict: ExpectedVerdict; readonly text: string; readonly disputed?: Dispute };

type Wire = Pick<Attempt, 'port' | 'protocol'>;
interface Target extends Wire {
  readonly party: Party;
  readonly address: Address | undefined;
}

/** Returns what the attempt becomes on the wire; an external IP that a pod, node or Service owns means that object. */
export function resolve(index: WorldIndex, attempt: Attempt): Resolution {
  const from = sourceParty(index, attempt.from);
  const to = attempt.to;
  if (to.kind === 'service') return throughService(index, attempt, from, index.service(to.namespace, to.name), to.ip);
  const owner = to.kind === 'external' ? index.serviceAt(to.ip) : undefined;
  if (owner !== undefined && to.kind === 'external') return throughService(index, attempt, from, owner, to.ip);
  const party = to.kind === 'pod' ? podParty(index.pod(to.namespace, to.name)) : hostOrOutside(index, to);
  const address = to.ip === undefined ? party.addresses[0] : parseAddress(to.ip);
  const target = { party, address, port: attempt.port, protocol: attempt.protocol };
  return asResolution(from, [target], false);
}

function hostOrOutside(
  index: WorldIndex,
  to: { kind: 'node'; name: string } | { kind: 'external'; ip: string },
): Party {
  return to.kind === 'node' ? nodeParty(index, to.name) : outside(index, to.ip);
}

function sourceParty(index: WorldIndex, source: Source): Party {
  if (source.kind === 'pod') return podParty(index.pod(source.namespace, source.name));
  return hostOrOutside(index, source);
}

function podParty(indexed: IndexedPod): Party {
  const { key, pod, addresses } = indexed;
  const end = pod.hostNetwork === true ? { host: indexed } : { pod: indexed };
  return { name: key, node: pod.node, addresses, ...end };
}

function nodeParty(index: WorldIndex, name: string): Party {
  return { name: `node ${name}`, node: name, addresses: index.node(name).ips.map(parseAddress) };
}

function outside(index: WorldIndex, ip: string): Party {
  const pod = index.podAt(ip);
  const node = index.nodeAt(ip);
  if (pod !== undefined) return podParty(pod);
  if (node !== undefined) return nodeParty(index, node.name);
  return { name: ip, addresses: [parseAddress(ip)] };
}

function throughService(
  index: WorldIndex,
  attempt: Attempt,
  from: Party,
  service: WorldService,
  ip?: string,
): Resolution {
  const via = `Service ${service.namespace}/${service.name}`;
  const headless = service.clusterIPs.length === 0;
  const offered = service.ports.find((it) => it.port === attempt.port && it.protocol === attempt.protocol);
  if (offered === undefined && !headless) return notOffered(via, attempt);
  const trafficPolicy = headless ? 'Cluster' : service.internalTrafficPolicy;
  const routing = routeService(index.world, service, { fromNode: from.node, trafficPolicy });
  if (routing.empty !== undefined) return { verdict: routing.empty, text: routing.reason };
  const pods = routing.endpoints.flatMap((name) => index.findPod(service.namespace, name) ?? []);
  const wanted = ip ?? service.clusterIPs[0];
  const family = wanted === undefined ? undefined : parseAddress(wanted).family;
  const targets = pods.flatMap((pod) => translated(pod, attempt, headless ? undefined : offered, family));
  if (targets.length === 0)
    return { verdict: 'refused', text: `${via} port ${attempt.port} has no endpoint with its target port` };
  return { ...asResolution(from, targets, true), via };
}

function notOffered(via: string, { protocol, port }: Wire): Resolution {
  const text = `${via} offers no port ${protocol} ${port}`;
  return { verdict: 'dropped', text, disputed: 'service-port' };
}

function translated(pod: IndexedPod, wire: Wire, offered: ServicePort | undefined, family?: 4 | 6): Target[] {
  const port = offered === undefined ? wire.port : targetPort(pod, offered);
  if (port === undefined) return [];
  const address = pod.addresses.find((it) => family === undefined || it.family === family);
  return [{ party: podParty(pod), address, port, protocol: wire.protocol }];
}

function targetPort(
  { pod }: IndexedPod,
  { port, protocol, targetPort: wanted = port }: ServicePort,
): number | undefined {
  if (typeof wanted === 'number') return wanted;
  return pod.containerPorts.find((it) => it.name === wanted && it.protocol === protocol)?.port;
}

function asResolution(from: Party, targets: readonly Target[], viaService: boolean): Resolution {
  const flows = targets.flatMap((target): Flow[] => {
    const source = from.addresses.find((it) => it.family === target.address?.family);
    if (source === undefined || target.address === undefined) return [];
    const { party, address, port, protocol } = target;
    return [
      { from, to: party, source, target: address, port, protocol, hairpin: viaService && party.name === from.name },
    ];
  });
  if (flows.length > 0) return { flows };
  return { verdict: 'unreachable', text: `${from.name} has no address of the destination's family` };
}
