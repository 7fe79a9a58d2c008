import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { MeshSide } from '../../../harness/oracle/mesh.ts';
import type { Agent, AgentPort, Probe } from '../../../harness/probe/types.ts';
import { serve } from '../../../harness/workload/serve.ts';

/** Two HTTP ports, so that a mode of one port can be told from the other's. `http-` tells the proxy the protocol. */
export const meshPorts = { main: 8080, other: 8081 } as const;
const agentPorts: readonly AgentPort[] = [
  { port: meshPorts.main, protocol: 'HTTP', name: 'http-main' },
  { port: meshPorts.other, protocol: 'HTTP', name: 'http-other' },
];

/** Label Istio's webhook looks for on a namespace. */
export const injected = { 'istio-injection': 'enabled' } as const;
export const serverLabels = { app: 'server' } as const;

/** A client and what stands beside it. */
export interface MeshClient {
  readonly agent: Agent;
  readonly side: MeshSide;
}

/** A server behind a Service, with or without a proxy, and clients of both kinds. */
export interface MeshFixture {
  readonly namespaces: Readonly<Record<MeshSide, string>>;
  readonly server: Agent;
  readonly serverSide: MeshSide;
  /** Name meshed clients use: the mesh decides about mTLS by Service. */
  readonly host: string;
  readonly clients: readonly MeshClient[];
  ask(port: number): Probe;
}

export interface MeshFixtureSpec {
  readonly serverSide?: MeshSide;
  /** ServiceAccounts of meshed clients, one client each; default one client as `default`. */
  readonly accounts?: readonly string[];
}

/** Starts the pods and waits until every one is ready, its proxy included. */
export async function openMeshFixture(ctx: CaseContext, spec: MeshFixtureSpec = {}): Promise<MeshFixture> {
  const { serverSide = 'meshed', accounts = ['default'] } = spec;
  const namespaces = { meshed: await ctx.namespace('meshed', injected), plain: await ctx.namespace('plain') };
  await createAccounts(ctx, namespaces.meshed, accounts);
  const namespace = namespaces[serverSide];
  const ports = [meshPorts.main, meshPorts.other].map((port) => ({ name: portName(port), port, targetPort: port }));
  const service = await serve(ctx, { name: 'server', namespace, selector: serverLabels, ports });
  const [server, plain, ...meshed] = await ctx.agents([
    { name: 'server', namespace, labels: serverLabels, ports: agentPorts },
    { name: 'plain', namespace: namespaces.plain },
    ...accounts.map((account) => ({
      name: `meshed-${account}`,
      namespace: namespaces.meshed,
      serviceAccount: account,
    })),
  ]);
  if (server === undefined || plain === undefined) throw new InconclusiveError('the mesh fixture has no pods');
  return {
    ...{ namespaces, server, serverSide, host: service.fqdn },
    clients: [...meshed.map((agent) => ({ agent, side: 'meshed' as const })), { agent: plain, side: 'plain' }],
    ask: (port) => ({ kind: 'http', host: service.fqdn, port, path: '/', timeoutMs: ctx.timeouts.connectMs }),
  };
}

function portName(port: number): string {
  return agentPorts.find((one) => one.port === port)?.name ?? `http-${port}`;
}

async function createAccounts(ctx: CaseContext, namespace: string, accounts: readonly string[]): Promise<void> {
  const made = accounts.filter((name) => name !== 'default');
  await ctx.apply(...made.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })));
}
