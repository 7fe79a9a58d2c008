import { OrdealError } from '../base/errors.ts';
import { parseAddress, type Address } from '../base/cidr.ts';
import type { Labels, World, WorldNamespace, WorldNode, WorldPod, WorldService } from './types.ts';

/** A pod with what selectors and rules look up about it, computed once. */
export interface IndexedPod {
  readonly key: string;
  readonly pod: WorldPod;
  readonly namespaceLabels: Labels;
  readonly addresses: readonly Address[];
}

/** Look-ups over one world; valid as long as the world's arrays are not changed. */
export interface WorldIndex {
  readonly world: World;
  readonly pods: readonly IndexedPod[];
  pod(namespace: string, name: string): IndexedPod;
  findPod(namespace: string, name: string): IndexedPod | undefined;
  node(name: string): WorldNode;
  service(namespace: string, name: string): WorldService;
  podAt(ip: string): IndexedPod | undefined;
  nodeAt(ip: string): WorldNode | undefined;
  serviceAt(ip: string): WorldService | undefined;
}

const keyOf = (it: { namespace: string; name: string }) => `${it.namespace}/${it.name}`;
const canonical = (ip: string) => {
  const { family, value } = parseAddress(ip);
  return `${family}:${value}`;
};

/** Returns the index of a world. Look-ups of unknown names throw USAGE listing what there is. */
export function indexWorld(world: World): WorldIndex {
  const labels = new Map(world.namespaces.map((it) => [it.name, namespaceLabels(it)]));
  const pods = world.pods.map((pod) => indexPod(pod, labels.get(pod.namespace)));
  const byKey = new Map(pods.map((it) => [it.key, it]));
  const nodes = new Map(world.nodes.map((it) => [it.name, it]));
  const services = new Map(world.services.map((it) => [keyOf(it), it]));
  const podIps = byIp(pods.filter((it) => it.pod.hostNetwork !== true).map((it) => [it, it.pod.ips]));
  const nodeIps = byIp(world.nodes.map((it) => [it, it.ips]));
  const serviceIps = byIp(world.services.map((it) => [it, it.clusterIPs]));
  return {
    world,
    pods,
    pod: (namespace, name) => found(byKey, 'pod', `${namespace}/${name}`),
    findPod: (namespace, name) => byKey.get(`${namespace}/${name}`),
    node: (name) => found(nodes, 'node', name),
    service: (namespace, name) => found(services, 'Service', `${namespace}/${name}`),
    podAt: (ip) => podIps.get(canonical(ip)),
    nodeAt: (ip) => nodeIps.get(canonical(ip)),
    serviceAt: (ip) => serviceIps.get(canonical(ip)),
  };
}

/** Returns a namespace's labels with the automatic name label that every API server since 1.21 sets. */
export function namespaceLabels(namespace: WorldNamespace): Labels {
  return { 'kubernetes.io/metadata.name': namespace.name, ...namespace.labels };
}

function indexPod(pod: WorldPod, labels: Labels | undefined): IndexedPod {
  const implied = namespaceLabels({ name: pod.namespace, labels: {} });
  return { key: keyOf(pod), pod, namespaceLabels: labels ?? implied, addresses: pod.ips.map(parseAddress) };
}

function byIp<T>(entries: readonly (readonly [T, readonly string[]])[]): Map<string, T> {
  return new Map(entries.flatMap(([it, ips]) => ips.map((ip): [string, T] => [canonical(ip), it])));
}

function found<T>(items: ReadonlyMap<string, T>, kind: string, key: string): T {
  const item = items.get(key);
  if (item !== undefined) return item;
  const known = [...items.keys()].slice(0, 20).join(', ') || 'none';
  throw new OrdealError('USAGE', `no ${kind} ${key} in this world`, { remedy: `known: ${known}` });
}
