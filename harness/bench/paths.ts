import type { FleetAgent } from '../probe/client.ts';
import type { AgentPort } from '../probe/types.ts';

/** Where the server of a metric listens, by what it speaks. */
export type Ports = Readonly<Record<'tcp' | 'udp' | 'http', number>>;

/** From what the machine itself costs to what a network and its Services do; `hairpin`: a pod to itself by its Service. */
export type PathName =
  'loopback' | 'host-host' | 'pod same node' | 'pod other node' | 'ClusterIP' | 'NodePort' | 'hairpin';

/** A way from a client to a server. */
export interface Path {
  readonly name: PathName;
  readonly from: FleetAgent;
  readonly host: string;
  readonly ports: Ports;
}

/** Label of the pod that all paths but loopback and the host network lead to. */
export const serverLabel = { 'ordeal.dev/bench': 'server' } as const;
export const clientLabel = { 'ordeal.dev/bench': 'client' } as const;
export const nearLabel = { 'ordeal.dev/bench': 'near' } as const;
export const podPorts: Ports = { tcp: 8090, udp: 8090, http: 8080 };
export const hostPorts: Ports = { tcp: 18090, udp: 18090, http: 18080 };

/** Returns what an agent is told to serve. */
export const agentPorts = ({ tcp, udp, http }: Ports): AgentPort[] => [
  { port: http, protocol: 'HTTP' },
  { port: tcp, protocol: 'TCP' },
  { port: udp, protocol: 'UDP' },
];

/** Where the Services of a bed answer. */
export interface Served {
  readonly ip: string;
  readonly ownIp: string;
  readonly nodePorts: Ports | undefined;
}

/** Returns the paths from the client pod to pods, by their address and by Services. */
export function podPaths(
  { client: from, near, server }: Record<'client' | 'near' | 'server', FleetAgent>,
  served: Served,
) {
  const pod = { from, ports: podPorts };
  return [
    { name: 'loopback', host: '127.0.0.1', ...pod },
    { name: 'pod same node', host: near.ip, ...pod },
    { name: 'pod other node', host: server.ip, ...pod },
    { name: 'ClusterIP', host: served.ip, ...pod },
    { name: 'hairpin', host: served.ownIp, ...pod },
  ] as const satisfies Path[];
}

/** Returns the paths that take a node's own network; none where no pod may be in it. */
export function hostPaths(
  { client, hostA }: { client: FleetAgent; hostA: FleetAgent | undefined },
  { nodePorts }: Served,
  [nearIp = '', farIp = '']: readonly string[],
): Path[] {
  if (hostA === undefined || nodePorts === undefined) return [];
  return [
    { name: 'host-host', from: hostA, host: farIp, ports: hostPorts },
    { name: 'NodePort', from: client, host: nearIp, ports: nodePorts },
  ];
}
