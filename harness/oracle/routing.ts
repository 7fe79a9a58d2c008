import { compileSelector } from './selector.ts';
import type { ClusterModel, EndpointModel, PodModel, ServiceModel, ServicePort } from './model-types.ts';

export interface RoutingOptions {
  /** Node the packet enters the Service on. */
  readonly fromNode?: string | undefined;
  /** The policy in force: internal for ClusterIP from inside, external for NodePort and LoadBalancer. */
  readonly trafficPolicy?: 'Cluster' | 'Local' | undefined;
}

/** `empty`: what happens when no endpoint is usable: `refused` without any, `dropped` when only other nodes have one. */
export interface Routing {
  /** Who may answer, in the order declared. */
  readonly endpoints: readonly EndpointModel[];
  /** The same by name: pods of the Service's namespace, or the address of an endpoint that is none. */
  readonly names: readonly string[];
  readonly empty?: 'refused' | 'dropped';
  readonly reason: string;
}

/**
 * Returns the Service's endpoints; where the model states none, each pod its selector selects. An empty selector
 * selects nothing here. Source: Service v1, spec.selector ("if empty or not present, the service is assumed to have an
 * external process managing its endpoints").
 */
export function endpointsOf(model: ClusterModel, service: ServiceModel): readonly EndpointModel[] {
  if (service.endpoints !== undefined) return service.endpoints;
  if (Object.keys(service.selector ?? {}).length === 0) return [];
  const selects = compileSelector({ matchLabels: service.selector });
  const pods = model.pods.filter((pod) => pod.namespace === service.namespace && selects(pod.labels));
  return pods.map(({ name, ready = true, terminating = false }) => ({
    pod: name,
    ready: ready && !terminating,
    serving: ready,
    terminating,
  }));
}

/**
 * Returns which endpoints kube-proxy may choose. Ready ones that do not terminate come first; only without any do
 * serving terminating ones count. `Local` looks at the entry node alone and drops when others have endpoints. Source:
 * KEP-1669 (terminating endpoints), KEP-2086 (internalTrafficPolicy), Kubernetes "Virtual IPs and Service Proxies".
 */
export function routeService(model: ClusterModel, service: ServiceModel, options: RoutingOptions = {}): Routing {
  const name = `Service ${service.namespace}/${service.name}`;
  const all = endpointsOf(model, service);
  const everywhere = usable(all, service);
  if (everywhere.length === 0) return empty('refused', `${name} has no ready endpoint`);
  if (options.trafficPolicy !== 'Local') return routing(everywhere, `${name} uses every ready endpoint`);
  const node = options.fromNode ?? '(outside the cluster)';
  const here = usable(
    all.filter((endpoint) => isOn(nodeOf(model, service, endpoint), options.fromNode)),
    service,
  );
  if (here.length > 0) return routing(here, `${name} is Local and has endpoints on node ${node}`);
  return empty('dropped', `${name} is Local and has no endpoint on node ${node}`);
}

const routing = (endpoints: readonly EndpointModel[], reason: string): Routing => ({
  endpoints,
  names: endpoints.map(({ pod, ips }) => pod ?? ips?.[0] ?? ''),
  reason,
});
const empty = (verdict: 'refused' | 'dropped', reason: string): Routing => ({ ...routing([], reason), empty: verdict });

function usable(endpoints: readonly EndpointModel[], service: ServiceModel): EndpointModel[] {
  const ready = endpoints.filter(
    (it) => service.publishNotReadyAddresses === true || (it.ready && it.terminating !== true),
  );
  if (ready.length > 0) return ready;
  return endpoints.filter((it) => it.terminating === true && (it.serving ?? it.ready));
}

/** A pod read from a file is on no node yet (''): it may come to any. */
const isOn = (node: string | undefined, wanted: string | undefined) => node === wanted || node === '';

function nodeOf(model: ClusterModel, service: ServiceModel, { pod, node }: EndpointModel): string | undefined {
  return node ?? model.pods.find((it) => it.namespace === service.namespace && it.name === pod)?.node;
}

/**
 * Returns who may answer a client on `fromNode` through the Service. `external` traffic (NodePort, LoadBalancer) obeys
 * externalTrafficPolicy, everything else internalTrafficPolicy.
 */
export function expectedEndpoints(
  model: ClusterModel,
  service: ServiceModel,
  fromNode: string,
  traffic: 'internal' | 'external' = 'internal',
): Routing {
  const trafficPolicy = traffic === 'internal' ? service.internalTrafficPolicy : service.externalTrafficPolicy;
  return routeService(model, service, { fromNode, trafficPolicy });
}

/** Returns the port an endpoint serves a Service's port at: as its slice says, else as its pod names it. */
export function endpointPort(
  pod: PodModel | undefined,
  { ports }: EndpointModel,
  { name = '', port, protocol, targetPort: wanted = port }: ServicePort,
): number | undefined {
  if (ports !== undefined) return ports.find((it) => it.name === name && it.protocol === protocol)?.port;
  if (typeof wanted === 'number') return wanted;
  return pod?.containerPorts.find((it) => it.name === wanted && it.protocol === protocol)?.port;
}
