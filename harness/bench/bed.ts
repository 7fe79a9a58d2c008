import { z } from 'zod';
import { InconclusiveError, OrdealError } from '../base/errors.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Cluster } from '../cluster/types.ts';
import { namespace as namespaceObject, ownedLabels, service } from '../kube/objects.ts';
import { listNodes, nodeInfo } from '../kube/nodes.ts';
import type { FleetAgent } from '../probe/client.ts';
import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import { startAgents } from '../probe/fleet.ts';
import type { AgentPort } from '../probe/types.ts';

/** Where the server of a metric listens, by what it speaks. */
export type Ports = Readonly<Record<'tcp' | 'udp' | 'http', number>>;

/** A way from a client to a server. */
export interface Path {
  readonly name: 'loopback' | 'host-host' | 'pod same node' | 'pod other node' | 'ClusterIP' | 'NodePort';
  readonly from: FleetAgent;
  readonly host: string;
  readonly ports: Ports;
}

/** What a comparison measures on: the same pods on the same nodes in every cluster. */
export interface Bed {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly paths: readonly Path[];
  /** On the first worker; the server's counterpart. */
  readonly client: FleetAgent;
  /** In the host network of the second worker. */
  readonly farHost: FleetAgent;
  readonly server: FleetAgent;
  /** Both workers. */
  readonly nodes: readonly string[];
  /** Closes the connections to agents; pods go with their cluster, or with `remove`. */
  close(): void;
  remove(): Promise<void>;
}

/** Label of the pod that all paths but loopback and the host network lead to. */
export const serverLabel = { 'ordeal.dev/bench': 'server' } as const;
export const podPorts: Ports = { tcp: 8090, udp: 8090, http: 8080 };
const hostPorts: Ports = { tcp: 18090, udp: 18090, http: 18080 };

const agentPorts = ({ tcp, udp, http }: Ports): AgentPort[] => [
  { port: http, protocol: 'HTTP' },
  { port: tcp, protocol: 'TCP' },
  { port: udp, protocol: 'UDP' },
];

const StoredService = z.looseObject({
  spec: z.looseObject({
    clusterIP: z.string(),
    ports: z.array(z.looseObject({ name: z.string(), nodePort: z.int() })),
  }),
});

/**
 * Starts the pods and the Service of a comparison. @throws OrdealError USAGE where fewer than two nodes take pods, AGENT,
 * KUBE_API.
 */
export async function openBed(cluster: Cluster, runId: string, timeouts: Timeouts): Promise<Bed> {
  const { kube, agentImage } = cluster;
  // Asked anew: a cluster just found, or just made, may have been on its way when its facts were read.
  const nodes = (await listNodes(kube)).map(nodeInfo);
  const [a, b] = nodes.filter(({ schedulable }) => schedulable);
  if (a === undefined || b === undefined) {
    throw new OrdealError('USAGE', `${cluster.info.name} has fewer than two nodes that take pods`, {
      remedy: 'Compare clusters of two workers or more: paths within a node and between nodes are both measured.',
    });
  }
  const inside = `ordeal-bench-${runId.slice(-6)}`;
  const privileged = { 'pod-security.kubernetes.io/enforce': 'privileged' };
  await kube.apply(namespaceObject(inside, { ...ownedLabels(runId), ...privileged }));
  const agents = await startAgents({ kube, agentImage, runId, timeouts }, specs(inside, a.name, b.name));
  const [client, near, server, hostA, farHost] = agents;
  if (!client || !near || !server || !hostA || !farHost) throw new InconclusiveError('a pod of the bench is missing');
  const { ip, nodePorts } = await serveBench(cluster, inside, runId);
  const pod = { ports: podPorts, from: client };
  const paths: Path[] = [
    { name: 'loopback', host: '127.0.0.1', ...pod },
    { name: 'host-host', from: hostA, host: b.ip, ports: hostPorts },
    { name: 'pod same node', host: near.ip, ...pod },
    { name: 'pod other node', host: server.ip, ...pod },
    { name: 'ClusterIP', host: ip, ...pod },
    { name: 'NodePort', host: a.ip, from: client, ports: nodePorts },
  ];
  const close = () => agents.forEach((agent) => agent.close());
  const remove = () => kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: inside }, { awaitGone: true });
  const ends = { client, server, farHost };
  return { cluster, namespace: inside, paths, ...ends, nodes: [a.name, b.name], close, remove };
}

function specs(namespace: string, a: string, b: string): AgentPodSpec[] {
  const pod = { namespace, ports: agentPorts(podPorts), steady: true };
  const host = { namespace, ports: agentPorts(hostPorts), hostNetwork: true, steady: true };
  return [
    { ...pod, name: 'client', node: a },
    { ...pod, name: 'near', node: a },
    { ...pod, name: 'server', node: b, labels: serverLabel },
    { ...host, name: 'host-a', node: a, dnsPolicy: 'ClusterFirstWithHostNet' },
    { ...host, name: 'host-b', node: b, dnsPolicy: 'ClusterFirstWithHostNet' },
  ];
}

async function serveBench({ kube }: Cluster, inside: string, runId: string): Promise<{ ip: string; nodePorts: Ports }> {
  const ports = [
    { name: 'tcp', port: podPorts.tcp, protocol: 'TCP' as const },
    { name: 'udp', port: podPorts.udp, protocol: 'UDP' as const },
    { name: 'http', port: podPorts.http, protocol: 'TCP' as const },
  ];
  const named = { name: 'server', namespace: inside, labels: ownedLabels(runId) };
  const stored = await kube.apply(service({ ...named, selector: serverLabel, ports, spec: { type: 'NodePort' } }));
  const { spec } = StoredService.parse(stored);
  const nodePort = (name: string) => spec.ports.find((port) => port.name === name)?.nodePort ?? 0;
  return { ip: spec.clusterIP, nodePorts: { tcp: nodePort('tcp'), udp: nodePort('udp'), http: nodePort('http') } };
}
