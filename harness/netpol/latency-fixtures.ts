import { grid } from './grid-fixture.ts';
import type { GridPod } from './grid-types.ts';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject, ObjectRef } from '../kube/types.ts';
import type { Agent } from '../probe/agent-types.ts';
import { type Lane, type LaneSpec, startLanes } from './change-lanes.ts';
import { forgetSettled } from './watch.ts';

const mostNodes = 3;
const ownPort = 8090;
const gridPort = 80;

/** What the policy of a fixture of its own admits. */
export const admitted = { 'ordeal.dev/admitted': 'yes' };

/** Traffic from a client on each node (three at most) to a server on each; the servers are in `namespace`. */
export interface LatencyFixture {
  readonly namespace: string;
  /** A podSelector. */
  readonly serving: object;
  readonly clients: readonly Agent[];
  readonly lanes: readonly Lane[];
}

/** Pods of its own, all in one namespace; the first client is admitted. */
export async function startOwnPods(ctx: CaseContext): Promise<LatencyFixture> {
  const namespace = await ctx.namespace();
  const nodes = ctx.cluster.info.nodes.filter((node) => node.schedulable).slice(0, mostNodes);
  const spec = (role: string, node: string, index: number) => ({
    name: `${role}-${index}`,
    namespace,
    node,
    labels: role === 'client' && index === 0 ? { role, ...admitted } : { role },
    ports: [{ port: ownPort, protocol: 'TCP' as const, name: 'tcp' }],
    steady: true,
  });
  const specs = nodes.flatMap(({ name }, index) => [spec('client', name, index), spec('server', name, index)]);
  const agents = await ctx.agents(specs);
  const clients = agents.filter((one) => one.name.startsWith('client'));
  const servers = agents.filter((one) => one.name.startsWith('server'));
  const serving = { matchLabels: { role: 'server' } };
  const lanes = pairsOf(clients, servers).map(([from, to]) => ({ from, to, port: ownPort, transport: 'tcp' as const }));
  return { namespace, serving, clients, lanes: await startLanes(ctx, lanes) };
}

/** Pods of a grid, whose namespaces are spread over the nodes: those of x are tried by others, and try them. */
export async function onGridPods(ctx: CaseContext): Promise<LatencyFixture> {
  const leased = await ctx.use(grid);
  forgetSettled(leased);
  await leased.deletePolicies();
  const servers = oneANode(leased.pods.filter(({ namespaceKey }) => namespaceKey === 'x'));
  const clients = oneANode(leased.pods.filter(({ namespaceKey }) => namespaceKey !== 'x'));
  const namespace = leased.namespaces.get('x') ?? '';
  const serving = { matchExpressions: [{ key: 'pod', operator: 'In', values: servers.map(({ name }) => name) }] };
  return { namespace, serving, clients, lanes: await startLanes(ctx, bothWays(clients, servers)) };
}

/** In turns over TCP and UDP, so that each node has both, into the pods and out of them, at as few lanes as pairs need. */
function bothWays(clients: readonly Agent[], servers: readonly Agent[]): LaneSpec[] {
  return clients.flatMap((client, row) =>
    servers.flatMap((server, column): LaneSpec[] => {
      const isEven = (row + column) % 2 === 0;
      const port = gridPort;
      return [
        { from: client, to: server, port, transport: isEven ? 'tcp' : 'udp' },
        { from: server, to: client, port, transport: isEven ? 'udp' : 'tcp' },
      ];
    }),
  );
}

export function timedPolicy({ namespace }: Pick<LatencyFixture, 'namespace'>): ObjectRef {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'timed', namespace };
}

/** Returns a policy that isolates the servers both ways, and admits nobody. */
export function isolating({ namespace, serving: podSelector }: LatencyFixture): KubeObject {
  const { apiVersion, kind, name } = timedPolicy({ namespace });
  const spec = { podSelector, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] };
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

/** Returns a policy that admits `from` to the servers. */
export function policyFor({ namespace, serving: podSelector }: LatencyFixture, from: readonly object[]): KubeObject {
  const { apiVersion, kind, name } = timedPolicy({ namespace });
  const spec = { podSelector, policyTypes: ['Ingress'], ingress: [{ from }] };
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

const pairsOf = (clients: readonly Agent[], servers: readonly Agent[]) =>
  clients.flatMap((from) => servers.map((to): [Agent, Agent] => [from, to]));

function oneANode(pods: readonly GridPod[]): Agent[] {
  const byNode = Map.groupBy(pods, ({ agent }) => agent.node);
  return [...byNode.values()].flatMap(([first]) => (first === undefined ? [] : [first.agent])).slice(0, mostNodes);
}
