import { compileSelector } from './selector.ts';
import type { World, WorldEndpoint, WorldService } from './types.ts';

export interface RoutingOptions {
  /** Node the packet enters the Service on. */
  readonly fromNode?: string | undefined;
  /** The policy in force: internal for ClusterIP from inside, external for NodePort and LoadBalancer. */
  readonly trafficPolicy?: 'Cluster' | 'Local' | undefined;
}

/** `empty`: what happens when no endpoint is usable: `refused` without any, `dropped` when only other nodes have one. */
export interface Routing {
  /** Pod names (in the Service's namespace) that may answer, in the order declared. */
  readonly endpoints: readonly string[];
  readonly empty?: 'refused' | 'dropped';
  readonly reason: string;
}

/** Returns the Service's endpoints; where the world states none, each pod its selector selects, ready. */
export function endpointsOf(world: World, service: WorldService): readonly WorldEndpoint[] {
  if (service.endpoints !== undefined) return service.endpoints;
  if (service.selector === undefined) return [];
  const selects = compileSelector({ matchLabels: service.selector });
  const pods = world.pods.filter((pod) => pod.namespace === service.namespace && selects(pod.labels));
  return pods.map((pod) => ({ pod: pod.name, ready: true }));
}

/**
 * Returns which endpoints kube-proxy may choose. Ready ones that do not terminate come first; only without any do
 * serving terminating ones count. `Local` looks at the entry node alone and drops when others have endpoints. Source:
 * KEP-1669 (terminating endpoints), KEP-2086 (internalTrafficPolicy), Kubernetes "Virtual IPs and Service Proxies".
 */
export function routeService(world: World, service: WorldService, options: RoutingOptions = {}): Routing {
  const name = `Service ${service.namespace}/${service.name}`;
  const all = endpointsOf(world, service);
  const everywhere = usable(all, service);
  if (everywhere.length === 0) return { endpoints: [], empty: 'refused', reason: `${name} has no ready endpoint` };
  if (options.trafficPolicy !== 'Local') return { endpoints: everywhere, reason: `${name} uses every ready endpoint` };
  const node = options.fromNode ?? '(outside the cluster)';
  const local = all.filter((endpoint) => nodeOf(world, service, endpoint.pod) === options.fromNode);
  const here = usable(local, service);
  if (here.length > 0) return { endpoints: here, reason: `${name} is Local and has endpoints on node ${node}` };
  return { endpoints: [], empty: 'dropped', reason: `${name} is Local and has no endpoint on node ${node}` };
}

function usable(endpoints: readonly WorldEndpoint[], service: WorldService): string[] {
  const ready = endpoints.filter(
    (it) => service.publishNotReadyAddresses === true || (it.ready && it.terminating !== true),
  );
  if (ready.length > 0) return ready.map((it) => it.pod);
  return endpoints.filter((it) => it.terminating === true && (it.serving ?? it.ready)).map((it) => it.pod);
}

function nodeOf(world: World, service: WorldService, pod: string): string | undefined {
  return world.pods.find((it) => it.namespace === service.namespace && it.name === pod)?.node;
}

/**
 * Returns the pods that may answer a client on `fromNode` through the Service. `external` traffic (NodePort,
 * LoadBalancer) obeys externalTrafficPolicy, everything else internalTrafficPolicy.
 */
export function expectedEndpoints(
  world: World,
  service: WorldService,
  fromNode: string,
  traffic: 'internal' | 'external' = 'internal',
): Routing {
  const trafficPolicy = traffic === 'internal' ? service.internalTrafficPolicy : service.externalTrafficPolicy;
  return routeService(world, service, { fromNode, trafficPolicy });
}
