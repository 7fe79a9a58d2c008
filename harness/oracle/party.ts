import type { EndpointModel, ServiceModel } from './model-types.ts';
import { parseAddress, type Address } from '../base/cidr.ts';
import type { Source } from './types.ts';
import type { IndexedPod, ClusterModelIndex } from './cluster-model-index.ts';

/** One end of a flow as policy sees it. A hostNetwork pod is its node with `host` naming the pod. */
export interface Party {
  readonly name: string;
  readonly pod?: IndexedPod;
  readonly host?: IndexedPod;
  readonly node?: string;
  readonly addresses: readonly Address[];
}

/** Returns a pod as an end of a flow. */
export function podParty(indexed: IndexedPod): Party {
  const { key, pod, addresses } = indexed;
  const end = pod.hostNetwork === true ? { host: indexed } : { pod: indexed };
  return { name: key, node: pod.node, addresses, ...end };
}

/** Returns a node, by its name. @throws OrdealError USAGE for a name the model lacks. */
export function nodeParty(index: ClusterModelIndex, name: string): Party {
  return { name: `node ${name}`, node: name, addresses: index.node(name).ips.map(parseAddress) };
}

/** Returns who has an address: a pod, a node, or nobody of this cluster. */
export function partyAt(index: ClusterModelIndex, ip: string): Party {
  const pod = index.podAt(ip);
  const node = index.nodeAt(ip);
  if (pod !== undefined) return podParty(pod);
  if (node !== undefined) return nodeParty(index, node.name);
  return { name: ip, addresses: [parseAddress(ip)] };
}

/** Returns an end that is no Service as a party. @throws OrdealError USAGE for a name the model lacks. */
export function sourceParty(index: ClusterModelIndex, source: Source): Party {
  if (source.kind === 'pod') return podParty(index.pod(source.namespace, source.name));
  return source.kind === 'node' ? nodeParty(index, source.name) : partyAt(index, source.ip);
}

/** Returns an endpoint as a party: its pod where there is one, else whoever has its first address. */
export function endpointParty(
  index: ClusterModelIndex,
  service: ServiceModel,
  endpoint: EndpointModel,
): Party | undefined {
  const pod = endpoint.pod === undefined ? undefined : index.findPod(service.namespace, endpoint.pod);
  if (pod !== undefined) return podParty(pod);
  const [first] = endpoint.ips ?? [];
  if (first === undefined) return undefined;
  const party = partyAt(index, first);
  const own = party.pod ?? party.node;
  return own === undefined ? { ...party, addresses: (endpoint.ips ?? []).map(parseAddress) } : party;
}
