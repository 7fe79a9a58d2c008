import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import { InconclusiveError } from '../base/errors.ts';
import type { CaseContext } from '../case/types.ts';
import type { Agent } from '../probe/agent-types.ts';
import type { PortSpec, ServiceSpec } from './objects.ts';
import { serve, type Served } from './serve.ts';
import { podPorts } from './service-traffic.ts';

/** Returns the first of a list. @throws InconclusiveError when it is empty, saying what is missing. */
export function first<T>(list: readonly T[], what: string): T {
  const [one] = list;
  if (one === undefined) throw new InconclusiveError(`there is no ${what}`);
  return one;
}

/** Starts pods of the case's namespace labelled `app: <app>`, serving `podPorts`. */
export async function startPods(
  ctx: CaseContext,
  app: string,
  pods: readonly Omit<AgentPodSpec, 'namespace'>[],
): Promise<Agent[]> {
  const namespace = await ctx.namespace();
  return ctx.agents(pods.map((pod) => ({ labels: { app }, ports: podPorts, ...pod, namespace })));
}

/** Returns the names of nodes that pods can be pinned to. */
export function schedulableNodes(ctx: CaseContext): string[] {
  return ctx.cluster.info.nodes.filter((node) => node.schedulable).map((node) => node.name);
}

/** Starts one pod on a known node and a Service in front of it, both called `name`. */
export async function onePod(
  ctx: CaseContext,
  name: string,
  ports: readonly PortSpec[],
  more: ServiceSpec['more'] = {},
  pod: Partial<AgentPodSpec> = {},
): Promise<{ agent: Agent; service: Served }> {
  const namespace = await ctx.namespace();
  const node = first(schedulableNodes(ctx), 'schedulable node');
  const agent = first(await startPods(ctx, name, [{ ...pod, name, node }]), 'pod');
  const service = await serve(ctx, { name, namespace, selector: { app: name }, ports, more });
  return { agent, service };
}

/** Starts pods `one` and `two` and a Service `pair` in front of both. */
export async function twoPods(
  ctx: CaseContext,
  ports: readonly PortSpec[],
  more: ServiceSpec['more'] = {},
  pod: Partial<AgentPodSpec> = {},
): Promise<{ one: Agent; two: Agent; service: Served }> {
  const namespace = await ctx.namespace();
  const nodes = schedulableNodes(ctx);
  const [one, two] = await startPods(
    ctx,
    'pair',
    ['one', 'two'].map((name, index) => ({ ...pod, name, node: nodes[index % nodes.length] })),
  );
  if (one === undefined || two === undefined)
    throw new InconclusiveError('two pods were asked for, fewer were started');
  const service = await serve(ctx, { name: 'pair', namespace, selector: { app: 'pair' }, ports, more });
  return { one, two, service };
}
