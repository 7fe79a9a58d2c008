import { z } from 'zod';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';

const Template = z.looseObject({ containers: z.tuple([z.looseObject({})], z.looseObject({})) });
const containerPort = 8090;

/** Starts an agent in the case's namespace that `hostPort` of `node` leads to, over TCP and UDP. */
export async function startWithHostPort(
  ctx: CaseContext,
  name: string,
  node: string,
  hostPort: number,
): Promise<Agent> {
  const namespace = await ctx.namespace();
  const ports = (['TCP', 'UDP'] as const).map((protocol) => ({ port: containerPort, protocol }));
  const { metadata, spec } = await ctx.agentPodTemplate({ namespace, node, ports });
  const parsed = Template.parse(spec);
  const [agent, ...others] = parsed.containers;
  const exposed = ports.map(({ protocol }) => ({ containerPort, hostPort, protocol }));
  const containers = [{ ...agent, ports: exposed }, ...others];
  await ctx.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
    spec: { ...parsed, containers },
  });
  return ctx.adopt({ namespace, name });
}
