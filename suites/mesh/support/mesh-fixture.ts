import type { Agent } from '../../../harness/probe/agent-types.ts';
import { findMesh } from '../../../clusters/index.ts';
import type { Mesh } from '../../../clusters/mesh-product.ts';
import { InconclusiveError, SkipError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { MeshSide } from '../../../harness/oracle/mesh.ts';
import type { AgentPort, Probe } from '../../../harness/probe/types.ts';
import { serve } from '../../../harness/workload/serve.ts';

/** Two HTTP ports, so that a mode of one port can be told from the other's. `http-` tells the proxy the protocol. */
export const meshPorts = { main: 8080, other: 8081 } as const;
const agentPorts: readonly AgentPort[] = [
  { port: meshPorts.main, protocol: 'HTTP', name: 'http-main' },
  { port: meshPorts.other, protocol: 'HTTP', name: 'http-other' },
];

export const serverLabels = { app: 'server' } as const;

/** A client and what stands beside it. */
export interface MeshClient {
  readonly agent: Agent;
  readonly side: MeshSide;
}

/** A server behind a Service, with or without a proxy, and clients of both kinds. */
export interface MeshFixture {
  readonly mesh: Mesh;
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

/** Returns the mesh of the cluster. @throws SkipError where Ordeal knows none of its kind. */
export function meshOf(ctx: CaseContext): Mesh {
  const { mesh } = ctx.cluster.info;
  const product = findMesh(mesh);
  if (product === undefined) throw new SkipError(`needs a mesh that Ordeal knows; found: ${mesh}`);
  return product;
}

/** Returns what a mesh can be told by objects. @throws SkipError where it cannot be told that. */
export function toldBy<T>(mesh: Mesh, way: T | undefined, what: string): T {
  if (way !== undefined) return way;
  throw new SkipError(`needs a mesh that is told ${what} by objects; ${mesh.title} is not`);
}

/** Starts the pods and waits until every one is ready, its proxy included. */
export async function openMeshFixture(ctx: CaseContext, spec: MeshFixtureSpec = {}): Promise<MeshFixture> {
  const { serverSide = 'meshed', accounts = ['default'] } = spec;
  const mesh = meshOf(ctx);
  const { labels, annotations } = mesh.injection.namespace;
  const meshedNamespace = await ctx.namespace('meshed', labels, annotations);
  const namespaces = { meshed: meshedNamespace, plain: await ctx.namespace('plain') };
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
    ...{ mesh, namespaces, server, serverSide, host: service.fqdn },
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
