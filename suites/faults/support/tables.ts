import type { CaseContext } from '../../../harness/case/types.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';
import type { NodePair } from './nodes.ts';
import { dropped, open, type Check } from '../../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../../harness/table/probes.ts';
import { serve } from '../../../harness/workload/serve.ts';
import { sliceObject } from '../../../harness/workload/objects.ts';
import { fleetPortSpecs, servicePorts } from '../../../harness/workload/service-traffic.ts';
import { fleet } from '../../../harness/workload/fleet.ts';

/** True for a path the partition of `pair` cuts: one end on each of its nodes. */
export function isCut(pair: NodePair, from: string, to: string): boolean {
  const cut = [pair.near.name, pair.far.name];
  return from !== to && cut.includes(from) && cut.includes(to);
}

/**
 * Returns the pod table of the standing fleet over TCP, UDP and HTTP: every pod to every other. While `held`, paths
 * between the two nodes must be dropped; all others, and everything when it is not held, must be open.
 */
export function podTable(ctx: CaseContext, pair: NodePair, held: boolean): Check[] {
  const ports = fleetPorts(ctx.use(fleet));
  const { agents } = ctx.use(fleet);
  return agents.flatMap((from) =>
    agents
      .filter((to) => to !== from)
      .flatMap((to) => {
        const want = held && isCut(pair, from.node, to.node) ? dropped : open(to.name);
        return transports.map((kind) => ({ from, probe: reach(ctx, kind, to.ip, ports[kind]), want }));
      }),
  );
}

/** Returns checks between hostNetwork agents: the nodes themselves reach each other, held or not. */
export function hostTable(ctx: CaseContext): Check[] {
  const port = ctx.use(fleet).hostPorts.find((one) => one.protocol === 'TCP')?.port;
  const { hostAgents } = ctx.use(fleet);
  if (port === undefined) return [];
  return hostAgents.flatMap((from) =>
    hostAgents
      .filter((to) => to !== from)
      .map((to) => ({ from, probe: reach(ctx, 'tcp', to.ip, port), want: open(to.name) })),
  );
}

/** A ClusterIP whose only endpoints are the standing pods of one node. */
export interface NodeService {
  readonly node: string;
  readonly ip: string;
}

/** Applies one Service per node of the pair, so that every route of the Service table crosses the cut or does not. */
export async function servicesPerNode(ctx: CaseContext, pair: NodePair): Promise<NodeService[]> {
  const namespace = await ctx.namespace();
  return Promise.all(
    [pair.near.name, pair.far.name].map(async (node, index) => {
      const name = `on-node-${index}`;
      const service = await serve(ctx, { name, namespace, ports: fleetPortSpecs(ctx) });
      await pointAt(ctx, { namespace, name }, ctx.use(fleet).onNode(node));
      return { node, ip: service.ip };
    }),
  );
}

/** Points a Service without selector at `agents` by a hand-made EndpointSlice. */
export async function pointAt(
  ctx: CaseContext,
  { namespace, name }: { namespace: string; name: string },
  agents: readonly Agent[],
): Promise<void> {
  const ports = fleetPorts(ctx.use(fleet));
  const slicePorts = transports.map((kind) => ({
    name: kind,
    port: ports[kind],
    protocol: kind === 'udp' ? ('UDP' as const) : ('TCP' as const),
  }));
  const addresses = agents.map((agent) => agent.ip);
  await ctx.kube.apply(sliceObject({ name, namespace, service: name, addresses, ports: slicePorts }));
}

/** Returns the Service table: every standing pod to each of `services`, cut like the pods behind it. */
export function serviceTable(
  ctx: CaseContext,
  pair: NodePair,
  services: readonly NodeService[],
  held: boolean,
): Check[] {
  return ctx.use(fleet).agents.flatMap((from) =>
    services.flatMap(({ node, ip }) => {
      const want =
        held && isCut(pair, from.node, node)
          ? dropped
          : open(
              ...ctx
                .use(fleet)
                .onNode(node)
                .map((one) => one.name),
            );
      return transports.map((kind) => ({ from, probe: reach(ctx, kind, ip, servicePorts[kind]), want }));
    }),
  );
}
