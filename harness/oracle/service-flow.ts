import { parseAddress, type Address } from '../base/cidr.ts';
import { asResolution, type Resolution, type Target, type Translation, type Wire } from './flow.ts';
import { endpointParty, type Party } from './party.ts';
import { endpointPort, routeService } from './routing.ts';
import type { EndpointModel, PodModel, ServiceModel, ServicePort } from './model-types.ts';
import type { ClusterModelIndex } from './cluster-model-index.ts';

/** How a packet enters a Service: by which port of it, which addresses, under which traffic policy. */
export interface Entrance {
  readonly service: ServiceModel;
  readonly offered?: ServicePort | undefined;
  readonly dialled: readonly Address[];
  readonly trafficPolicy?: 'Cluster' | 'Local' | undefined;
  readonly fromNode?: string | undefined;
  readonly rewritten?: readonly Party[];
}

/** Returns what a packet to a Service becomes: by cluster IP, by the addresses of a headless one, or by its CNAME. */
export function throughClusterIp(
  index: ClusterModelIndex,
  wire: Wire,
  from: Party,
  service: ServiceModel,
  ip?: string,
): Resolution {
  if (service.externalName !== undefined) return throughAlias(index, wire, from, service, service.externalName);
  const via = labelOf(service);
  const headless = service.clusterIPs.length === 0;
  const offered = service.ports.find((it) => it.port === wire.port && it.protocol === wire.protocol);
  if (offered === undefined && !headless) return notOffered(via, wire);
  const dialled = (ip === undefined ? service.clusterIPs : [ip]).map(parseAddress);
  const trafficPolicy = headless ? 'Cluster' : service.internalTrafficPolicy;
  const entrance = { service, dialled: headless ? [] : dialled, trafficPolicy, fromNode: from.node };
  return throughService(index, wire, from, headless ? entrance : { ...entrance, offered });
}

/** Returns the flows to the endpoints behind an entrance; without `offered` the port dialled is kept (headless). */
export function throughService(index: ClusterModelIndex, wire: Wire, from: Party, entrance: Entrance): Resolution {
  const { service, offered, trafficPolicy, fromNode, rewritten } = entrance;
  const routing = routeService(index.model, service, { fromNode, trafficPolicy });
  if (routing.empty !== undefined) return { verdict: routing.empty, text: routing.reason };
  const via = labelOf(service);
  const { address, families } = dialledBy(from, entrance.dialled);
  const targets = routing.endpoints.flatMap((it) => targetsOf(index, service, it, wire, offered, families));
  if (targets.length === 0)
    return { verdict: 'refused', text: `${via} port ${wire.port} has no endpoint with its target port` };
  const dialled = address === undefined ? {} : { dialled: { address, port: wire.port } };
  const translation: Translation = { viaService: true, ...dialled, ...(rewritten && { rewritten }) };
  return { ...asResolution(from, targets, translation), via };
}

/** The address the source takes of those dialled; a headless Service leaves the family to its endpoints. */
function dialledBy(from: Party, dialled: readonly Address[]): { address?: Address; families?: readonly (4 | 6)[] } {
  if (dialled.length === 0) return {};
  const address = dialled.find((it) => from.addresses.some(({ family }) => family === it.family)) ?? dialled[0];
  return address === undefined ? {} : { address, families: [address.family] };
}

function targetsOf(
  index: ClusterModelIndex,
  service: ServiceModel,
  endpoint: EndpointModel,
  { port: dialled, protocol }: Wire,
  offered: ServicePort | undefined,
  families?: readonly (4 | 6)[],
): Target[] {
  const party = endpointParty(index, service, endpoint);
  const port = offered === undefined ? dialled : endpointPort(namedPod(party, endpoint), endpoint, offered);
  if (party === undefined || port === undefined) return [];
  const known = endpoint.ips?.map(parseAddress) ?? party.addresses;
  const addresses = known.filter((it) => families === undefined || families.includes(it.family));
  return [{ party, addresses, port, protocol }];
}

/** Target ports are looked up by name on the pod an endpoint names, not on whoever happens to have its address. */
function namedPod(party: Party | undefined, endpoint: EndpointModel): PodModel | undefined {
  return endpoint.pod === undefined ? undefined : (party?.pod ?? party?.host)?.pod;
}

const inCluster = /^(?<service>[^.]+)\.(?<namespace>[^.]+)\.svc(?:\.cluster\.local)?\.?$/;

function throughAlias(
  index: ClusterModelIndex,
  wire: Wire,
  from: Party,
  service: ServiceModel,
  alias: string,
): Resolution {
  const { service: name = '', namespace = '' } = inCluster.exec(alias.toLowerCase())?.groups ?? {};
  const target = index.findService(namespace, name);
  if (target !== undefined && target.externalName === undefined) return throughClusterIp(index, wire, from, target);
  const text = `${labelOf(service)} is a CNAME out of the cluster, to ${alias}`;
  return { verdict: 'undecided', text, disputed: 'external-name' };
}

/** Returns the answer for a port that a Service does not offer. */
export function notOffered(via: string, { protocol, port }: Wire): Resolution {
  const text = `${via} offers no port ${protocol} ${port}`;
  return { verdict: 'dropped', text, disputed: 'service-port' };
}

/** Returns `Service x/web`. */
export function labelOf({ namespace, name }: ServiceModel): string {
  return `Service ${namespace}/${name}`;
}
