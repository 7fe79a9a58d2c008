import type { Agent } from './agent-types.ts';
import type { AgentPodSpec } from './agent-pod-spec.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { AgentPort } from './types.ts';
import { everyNth } from '../base/every-nth.ts';
import { InconclusiveError } from '../base/errors.ts';

export interface StandingFleet {
  readonly agents: readonly Agent[];
  readonly hostAgents: readonly Agent[];
  /** Ports every standing agent serves. */
  readonly ports: readonly AgentPort[];
  /** Ports every host agent serves on its node's addresses. */
  readonly hostPorts: readonly AgentPort[];
  /** Two agents on one node; a client and a server. */
  sameNode(): readonly [Agent, Agent];
  /** Two agents on different nodes. @throws InconclusiveError on a one-node cluster (declare need MultiNode). */
  otherNode(): readonly [Agent, Agent];
  onNode(node: string): readonly Agent[];
  /**
   * One client on each node, at most so many, evenly apart: a pod, or the node's hostNetwork agent where it takes no pods.
   * What one node's rules say is not what another's do.
   */
  fromEveryNode(most?: number): readonly Agent[];
}

const ports: readonly AgentPort[] = [
  { port: 8080, protocol: 'HTTP', name: 'http' },
  { port: 8090, protocol: 'TCP', name: 'tcp' },
  { port: 8090, protocol: 'UDP', name: 'udp' },
];
const hostPorts: readonly AgentPort[] = [
  { port: 18080, protocol: 'HTTP', name: 'http' },
  { port: 18090, protocol: 'TCP', name: 'tcp' },
  { port: 18090, protocol: 'UDP', name: 'udp' },
];
const agentsPerNode = 2;
/** On clusters with more nodes a sample asks; the case says how many did. */
const mostClients = 20;

/** Returns two pods a schedulable node. */
export function fleetPods(nodes: readonly NodeInfo[], namespace: string): AgentPodSpec[] {
  const schedulable = nodes.filter((node) => node.schedulable);
  return schedulable.flatMap((node, index) =>
    Array.from({ length: agentsPerNode }, (_, copy) => ({
      name: `fleet-${index}-${copy}`,
      namespace,
      labels: { 'ordeal.dev/fleet': 'pod' },
      node: node.name,
      ports,
      steady: true,
    })),
  );
}

/** Returns one hostNetwork pod a node. */
export function fleetHosts(nodes: readonly NodeInfo[], namespace: string): AgentPodSpec[] {
  return nodes.map((node, index) => ({
    name: `host-${index}`,
    namespace,
    labels: { 'ordeal.dev/fleet': 'host' },
    node: node.name,
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet' as const,
    ports: hostPorts,
    steady: true,
  }));
}

/** Returns the fleet over started agents. */
export function standingFleet(agents: readonly Agent[], hostAgents: readonly Agent[]): StandingFleet {
  const onNode = (node: string) => agents.filter((one) => one.node === node);
  return {
    agents,
    hostAgents,
    ports,
    hostPorts,
    onNode,
    fromEveryNode(most = mostClients) {
      const nodes = [...new Set([...agents, ...hostAgents].map(({ node }) => node))];
      const onEach = nodes.flatMap((node) => onNode(node)[0] ?? hostAgents.find((host) => host.node === node) ?? []);
      return everyNth(onEach, most);
    },
    sameNode() {
      for (const one of agents) {
        const other = onNode(one.node).find((peer) => peer.name !== one.name);
        if (other !== undefined) return [one, other];
      }
      throw new InconclusiveError('the standing fleet has no two agents on one node');
    },
    otherNode() {
      for (const one of agents) {
        const other = agents.find((peer) => peer.node !== one.node);
        if (other !== undefined) return [one, other];
      }
      throw new InconclusiveError('the standing fleet spans one node only; declare need MultiNode');
    },
  };
}

/** Returns the first of the agents on each node: of the standing pods, one a node that takes pods. */
export function onePodANode(agents: readonly Agent[]): Agent[] {
  return [...Map.groupBy(agents, ({ node }) => node).values()].flatMap((on) => on.slice(0, 1));
}

/**
 * Returns pairs of pods round a ring of the nodes, at most so many: each node's first pod and that of the next, so that every
 * node of a cluster of that size is once a client and once a server.
 * @throws InconclusiveError on a cluster of one node (declare need MultiNode).
 */
export function nodeRing(agents: readonly Agent[], most = mostClients): (readonly [Agent, Agent])[] {
  const ring = everyNth(onePodANode(agents), most);
  const pairs = ring.flatMap((from, index) => {
    const to = ring[(index + 1) % ring.length];
    return to === undefined || to === from ? [] : [[from, to] as const];
  });
  if (pairs.length > 0) return pairs;
  throw new InconclusiveError('the standing fleet spans one node only; declare need MultiNode');
}
