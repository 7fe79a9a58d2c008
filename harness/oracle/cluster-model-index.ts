import type { Protocol } from '../kube/network-policy.ts';
import { OrdealError } from '../base/errors.ts';
import { parseAddress, type Address } from '../base/cidr.ts';
import type {
  ClusterModel,
  Labels,
  NamespaceModel,
  NodeModel,
  PodModel,
  ServiceModel,
  ServicePort,
} from './model-types.ts';

/** A pod with what selectors and rules look up about it, computed once. */
export interface IndexedPod {
  readonly key: string;
  readonly pod: PodModel;
  readonly namespaceLabels: Labels;
  readonly addresses: readonly Address[];
}

/** What waits behind an address or port of a node. */
export interface PublishedPort {
  readonly service: ServiceModel;
  readonly port: ServicePort;
}

/** Look-ups over one model; valid as long as the model's arrays are not changed. */
export interface ClusterModelIndex {
  readonly model: ClusterModel;
  readonly pods: readonly IndexedPod[];
  /** The pod of this name, or all pods of the workload of this name. */
  podsNamed(namespace: string, name: string): readonly IndexedPod[];
  pod(namespace: string, name: string): IndexedPod;
  findPod(namespace: string, name: string): IndexedPod | undefined;
  node(name: string): NodeModel;
  service(namespace: string, name: string): ServiceModel;
  findService(namespace: string, name: string): ServiceModel | undefined;
  podAt(ip: string): IndexedPod | undefined;
  nodeAt(ip: string): NodeModel | undefined;
  serviceAt(ip: string): ServiceModel | undefined;
  /** Services that have this address among their externalIPs or those of their load balancer. */
  publishedAt(ip: string): readonly ServiceModel[];
  nodePort(port: number, protocol: Protocol): PublishedPort | undefined;
  /** Pods with a hostPort on this node, then those that are on none yet and may come to it. */
  hostPorts(node: string): readonly IndexedPod[];
}

const keyOf = (it: { namespace: string; name: string }) => `${it.namespace}/${it.name}`;
const canonical = (ip: string) => {
  const { family, value } = parseAddress(ip);
  return `${family}:${value}`;
};

/** Returns the index of a model. Look-ups of unknown names throw USAGE listing what there is. */
export function indexModel(model: ClusterModel): ClusterModelIndex {
  const labels = new Map(model.namespaces.map((it) => [it.name, namespaceLabels(it)]));
  const pods = model.pods.map((pod) => indexPod(pod, labels.get(pod.namespace)));
  const byKey = new Map(pods.map((it) => [it.key, it]));
  const workloads = Map.groupBy(pods.flatMap(byWorkload), ({ key }) => key);
  const nodes = new Map(model.nodes.map((it) => [it.name, it]));
  const services = new Map(model.services.map((it) => [keyOf(it), it]));
  const pod = (namespace: string, name: string) => foundPod(model, byKey, `${namespace}/${name}`);
  return {
    model,
    pods,
    podsNamed: (namespace, name) => {
      const key = `${namespace}/${name}`;
      return byKey.has(key)
        ? [pod(namespace, name)]
        : (workloads.get(key)?.map((it) => it.pod) ?? [pod(namespace, name)]);
    },
    pod,
    findPod: (namespace, name) => byKey.get(`${namespace}/${name}`),
    node: (name) => found(nodes, 'node', name),
    service: (namespace, name) => found(services, 'Service', `${namespace}/${name}`),
    findService: (namespace, name) => services.get(`${namespace}/${name}`),
    ...addressLookups(model, pods),
    ...publishedPorts(model, pods),
  };
}

function addressLookups(model: ClusterModel, pods: readonly IndexedPod[]) {
  const podIps = byIp(pods.filter((it) => it.pod.hostNetwork !== true).map((it) => [it, it.pod.ips]));
  const nodeIps = byIp(model.nodes.map((it) => [it, it.ips]));
  const serviceIps = byIp(model.services.map((it) => [it, it.clusterIPs]));
  const published = model.services.flatMap((service) =>
    [...(service.externalIPs ?? []), ...(service.loadBalancerIPs ?? [])].map((ip) => ({ at: canonical(ip), service })),
  );
  const services = Map.groupBy(published, ({ at }) => at);
  return {
    podAt: (ip: string) => podIps.get(canonical(ip)),
    nodeAt: (ip: string) => nodeIps.get(canonical(ip)),
    serviceAt: (ip: string) => serviceIps.get(canonical(ip)),
    publishedAt: (ip: string) => (services.get(canonical(ip)) ?? []).map(({ service }) => service),
  };
}

function publishedPorts(model: ClusterModel, pods: readonly IndexedPod[]) {
  const ports = model.services.flatMap((service) =>
    service.ports.flatMap((port): [string, PublishedPort][] =>
      port.nodePort === undefined ? [] : [[`${port.protocol} ${port.nodePort}`, { service, port }]],
    ),
  );
  const nodePorts = new Map(ports);
  const holders = pods.filter(({ pod }) => pod.containerPorts.some((it) => it.hostPort !== undefined));
  const byNode = Map.groupBy(holders, ({ pod }) => pod.node);
  return {
    nodePort: (port: number, protocol: Protocol) => nodePorts.get(`${protocol} ${port}`),
    hostPorts: (node: string) => [...(byNode.get(node) ?? []), ...(byNode.get('') ?? [])],
  };
}

const byWorkload = (pod: IndexedPod) =>
  (pod.pod.workloads ?? []).map((name) => ({ key: `${pod.pod.namespace}/${name}`, pod }));

/** Returns a namespace's labels with the name label, which the API server sets whatever the object says. */
export function namespaceLabels(namespace: NamespaceModel): Labels {
  return { ...namespace.labels, 'kubernetes.io/metadata.name': namespace.name };
}

function indexPod(pod: PodModel, labels: Labels | undefined): IndexedPod {
  const implied = namespaceLabels({ name: pod.namespace, labels: {} });
  return { key: keyOf(pod), pod, namespaceLabels: labels ?? implied, addresses: pod.ips.map(parseAddress) };
}

function byIp<T>(entries: readonly (readonly [T, readonly string[]])[]): Map<string, T> {
  return new Map(entries.flatMap(([it, ips]) => ips.map((ip): [string, T] => [canonical(ip), it])));
}

function foundPod(model: ClusterModel, pods: ReadonlyMap<string, IndexedPod>, key: string): IndexedPod {
  const idle = model.idle?.find((it) => keyOf(it) === key);
  if (idle === undefined || pods.has(key)) return found(pods, 'pod', key);
  throw new OrdealError('USAGE', `${key} has no pod: it is a ${idle.why}`);
}

function found<T>(items: ReadonlyMap<string, T>, kind: string, key: string): T {
  const item = items.get(key);
  if (item !== undefined) return item;
  const known = [...items.keys()].slice(0, 20).join(', ') || 'none';
  throw new OrdealError('USAGE', `no ${kind} ${key} in this model`, { remedy: `known: ${known}` });
}
