import { assumedAddresses } from './assumed-addresses.ts';
import type { KnownObject, WorkloadObject } from './object-schema.ts';
import { modelledService } from './service-objects.ts';
import type { ClusterModel, NodeModel, PodModel } from './model-types.ts';
import { podsOfWorkloads, type ModelledPod } from './workload-pods.ts';

const workloadKinds = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'CronJob',
];

/** Returns the model these objects describe. What has no address gets one that is assumed. */
export function clusterModelOf(objects: readonly KnownObject[]): ClusterModel {
  const of = <K extends KnownObject['kind']>(kind: K) =>
    objects.filter((it): it is Extract<KnownObject, { kind: K }> => it.kind === kind);
  const written = of('Node').map(({ metadata: { name, labels }, status }) => {
    const known = status.addresses.filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP');
    return { name, labels, ips: known.map(({ address }) => address) };
  });
  const { pods, idle } = podsOfWorkloads(of('Pod'), objects.filter(isWorkload), written);
  const nodes = withAddresses([...written, ...impliedNodes(pods, written)], pods);
  const [slices, legacy] = [of('EndpointSlice'), of('Endpoints')];
  return {
    namespaces: of('Namespace').map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels })),
    pods: pods.map((pod, at) => modelledPod(pod, nodes, at)),
    nodes,
    services: of('Service').map((service, at) => modelledService(service, slices, legacy, at)),
    networkPolicies: of('NetworkPolicy'),
    adminNetworkPolicies: of('AdminNetworkPolicy'),
    baselineAdminNetworkPolicies: of('BaselineAdminNetworkPolicy'),
    clusterNetworkPolicies: of('ClusterNetworkPolicy'),
    idle,
  };
}

function isWorkload(object: KnownObject): object is WorkloadObject {
  return workloadKinds.includes(object.kind);
}

function impliedNodes(pods: readonly ModelledPod[], written: readonly NodeModel[]): NodeModel[] {
  const known = new Set(['', ...written.map(({ name }) => name)]);
  const names = new Set(pods.map(({ spec }) => spec.nodeName).filter((name) => !known.has(name)));
  return [...names].map((name) => ({ name, labels: {}, ips: [] }));
}

/** Pods tell the address of a node that does not tell its own. */
function withAddresses(nodes: readonly NodeModel[], pods: readonly ModelledPod[]): NodeModel[] {
  return nodes.map((node, at) => {
    if (node.ips.length > 0) return node;
    const told = pods.filter(({ spec }) => spec.nodeName === node.name).map(nodeAddresses);
    return { ...node, ips: told.find((it) => it.length > 0) ?? assumedAddresses('node', at) };
  });
}

const nodeAddresses = ({ spec, status }: ModelledPod) =>
  status.nodeIPs.length > 0 ? status.nodeIPs : spec.hostNetwork ? status.ips : [];

function modelledPod(
  { metadata, spec, status, workloads }: ModelledPod,
  nodes: readonly NodeModel[],
  at: number,
): PodModel {
  const { namespace, name, labels } = metadata;
  const { nodeName: node, hostNetwork, hostname, subdomain } = spec;
  const containers = [...spec.containers, ...spec.initContainers.filter((it) => it.restartPolicy === 'Always')];
  const containerPorts = containers.flatMap((container) => container.ports);
  const ofNode = hostNetwork ? nodes.find((it) => it.name === node)?.ips : undefined;
  const ips = status.ips.length > 0 ? status.ips : (ofNode ?? assumedAddresses('pod', at));
  const ours = labels['app.kubernetes.io/managed-by'] === 'ordeal' && containerPorts.length > 0;
  const notReady = (status.ready ?? (status.phase === 'Pending' ? 'False' : 'True')) !== 'True';
  return {
    ...{ namespace, name, labels, ips, node, hostNetwork, hostname, subdomain, containerPorts, workloads },
    ...(ours && { serving: containerPorts }),
    ...(notReady && { ready: false }),
    ...(metadata.deletionTimestamp !== undefined && { terminating: true }),
  };
}
