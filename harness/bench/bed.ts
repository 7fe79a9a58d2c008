import { z } from 'zod';
import { findMesh } from '../../clusters/index.ts';
import { InconclusiveError, OrdealError } from '../base/errors.ts';
import type { StepReport } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Cluster } from '../cluster/types.ts';
import { namespace as namespaceObject, ownedLabels, service } from '../kube/objects.ts';
import { listNodes, nodeInfo, type NodeInfo } from '../kube/nodes.ts';
import type { FleetAgent } from '../probe/client.ts';
import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import { type FleetContext, startAgents } from '../probe/fleet.ts';
import { type Iperf, iperfServer, startIperf } from './iperf-pods.ts';
import {
  agentPorts,
  clientLabel,
  hostPaths,
  hostPorts,
  nearLabel,
  type Path,
  podPaths,
  podPorts,
  type Served,
  serverLabel,
} from './paths.ts';

/** What a comparison measures on: the same pods on the same nodes in every cluster. */
export interface Bed {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly paths: readonly Path[];
  /** On the first worker; the server's counterpart. */
  readonly client: FleetAgent;
  readonly server: FleetAgent;
  /** On the node of the server: in its host network, where pods may be there. */
  readonly far: FleetAgent;
  readonly fleet: FleetContext;
  readonly iperf: Iperf;
  /** Both workers. */
  readonly nodes: readonly string[];
  /** Closes the connections to agents; pods go with their cluster, or with `remove`. */
  close(): void;
  remove(): Promise<void>;
}

/** What the API server makes of a Service. */
export const StoredService = z.looseObject({
  spec: z.looseObject({
    clusterIP: z.string(),
    ports: z.array(z.looseObject({ name: z.string().optional(), nodePort: z.int().optional() })),
  }),
});

/** How a bed is made. */
export interface BedOptions {
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
  readonly report: StepReport;
  /** Whether pods in the host network may be made: baselines of the machine, which is not for somebody else's cluster. */
  readonly hosts: boolean;
  readonly iperfImage?: string;
}

/**
 * Starts the pods and the Services of a comparison. @throws OrdealError USAGE where fewer than two nodes take pods, AGENT,
 * KUBE_API.
 */
export async function openBed(cluster: Cluster, options: BedOptions): Promise<Bed> {
  const { runId, timeouts, hosts, iperfImage } = options;
  const { kube, agentImage } = cluster;
  const injection = findMesh(cluster.info.mesh)?.injection.namespace ?? {};
  const [a, b] = await twoNodes(cluster);
  const namespace = `ordeal-bench-${runId.slice(-6)}`;
  const ownership = { ...ownedLabels(runId), ...(hosts ? { 'pod-security.kubernetes.io/enforce': 'privileged' } : {}) };
  await kube.apply(namespaceObject(namespace, { ...ownership, ...injection.labels }));
  const fleet = { kube, agentImage, runId, timeouts };
  const where = { namespace, runId, nodes: [a, b], hosts, image: iperfImage };
  const [agents, iperf] = await Promise.all([
    startAgents(fleet, specs(namespace, { a: a.name, b: b.name, hosts })),
    startIperf(cluster, where, options),
  ]);
  const [client, near, server, hostA, hostB] = agents;
  if (!client || !near || !server) throw new InconclusiveError('a pod of the bench is missing');
  const pods = { client, near, server };
  const services = await serveBench(cluster, namespace, { runId, hosts });
  return {
    ...{ cluster, namespace, client, server, fleet, iperf, nodes: [a.name, b.name], far: hostB ?? server },
    paths: [...podPaths(pods, services), ...hostPaths({ client, hostA }, services, [a.ip, b.ip])],
    close: () => agents.forEach((agent) => agent.close()),
    remove: () => kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { awaitGone: true }),
  };
}

/** Asked anew: a cluster just found, or just made, may have been on its way when its facts were read. */
async function twoNodes({ kube, info }: Cluster): Promise<[NodeInfo, NodeInfo]> {
  const [a, b] = (await listNodes(kube)).map(nodeInfo).filter(({ schedulable }) => schedulable);
  if (a !== undefined && b !== undefined) return [a, b];
  throw new OrdealError('USAGE', `${info.name} has fewer than two nodes that take pods`, {
    remedy: 'Compare clusters of two workers or more: paths within a node and between nodes are both measured.',
  });
}

function specs(namespace: string, { a, b, hosts }: { a: string; b: string; hosts: boolean }): AgentPodSpec[] {
  const pod = { namespace, ports: agentPorts(podPorts), steady: true };
  const host = { namespace, ports: agentPorts(hostPorts), hostNetwork: true, steady: true };
  return [
    { ...pod, name: 'client', node: a, labels: clientLabel },
    { ...pod, name: 'near', node: a, labels: nearLabel },
    { ...pod, name: 'server', node: b, labels: serverLabel },
    ...(hosts ? [a, b].map((node, index) => ({ ...host, name: `host-${index}`, node })) : []),
  ];
}

async function serveBench(
  { kube }: Cluster,
  namespace: string,
  { runId, hosts }: { runId: string; hosts: boolean },
): Promise<Served> {
  const ports = [
    { name: 'tcp', port: podPorts.tcp, protocol: 'TCP' as const },
    { name: 'udp', port: podPorts.udp, protocol: 'UDP' as const },
    { name: 'http', port: podPorts.http, protocol: 'TCP' as const },
  ];
  const labels = ownedLabels(runId);
  const of = (name: string, selector: Readonly<Record<string, string>>, spec = {}) =>
    kube
      .apply(service({ name, namespace, labels, selector, ports, spec }))
      .then((made) => StoredService.parse(made).spec);
  const spec = await of('server', serverLabel, hosts ? { type: 'NodePort' } : {});
  const own = await of('client', clientLabel);
  // Nobody asks it: a mesh learns from a Service what its pods speak, and the agent speaks first.
  await of('near', nearLabel);
  const nodePort = (name: string) => spec.ports.find((port) => port.name === name)?.nodePort ?? 0;
  const nodePorts = { tcp: nodePort('tcp'), udp: nodePort('udp'), http: nodePort('http') };
  return { ip: spec.clusterIP, ownIp: own.clusterIP, nodePorts: hosts ? nodePorts : undefined };
}

/** Returns the pods at the far end of every path that leaves its node, those of the host network left out. */
export function serverPods({ namespace, server, iperf }: Bed): { namespace: string; name: string }[] {
  const names = [server.name, ...('absent' in iperf ? [] : [iperfServer])];
  return names.map((name) => ({ namespace, name }));
}
