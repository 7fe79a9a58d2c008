import { z } from 'zod';
import { cnis, findCni } from '../../../clusters/index.ts';
import type { NodeAgent } from '../../../clusters/product.ts';
import { may } from '../../../harness/kube/rights.ts';
import { InconclusiveError, SkipError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';

/** Parameters of the driver `pause` for the CNI's agent on a node. @throws SkipError where its hanging cannot be seen. */
export function agentPause(ctx: CaseContext, node: string) {
  const { command, health } = cniAgent(ctx);
  if (health === undefined) throw new SkipError(`needs a CNI agent with a health endpoint; ${command} has none`);
  return { node, process: command, health: { askedFrom: node, url: health } };
}

/** To kill the agent of a CNI, whichever it is, and see it back. */
export const agentKill = cnis.flatMap(({ agent: { workload } }) => {
  const { namespace, name } = workload;
  return [...may(['delete'], 'pods', { namespace }), ...may(['get'], 'daemonsets.apps', { namespace, name })];
});

const PodView = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ nodeName: z.string().optional() }),
});

/** Returns what upstream's manifest makes of the CNI's agent. @throws SkipError for a CNI whose agent is not known. */
export function cniAgent(ctx: CaseContext): NodeAgent {
  const { cni } = ctx.cluster.info;
  const product = findCni(cni);
  if (product === undefined) throw new SkipError(`needs a CNI whose agent is known; found: ${cni}`);
  return product.agent;
}

/** Returns the CNI's agent pod on a node. @throws InconclusiveError when there is none. */
export async function cniAgentOn(
  ctx: CaseContext,
  node: string,
): Promise<{ namespace: string; name: string; uid: string }> {
  const { workload, podSelector } = cniAgent(ctx);
  const { namespace } = workload;
  const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: podSelector };
  const pods = (await ctx.kube.list(query)).map((pod) => PodView.parse(pod));
  const found = pods.find((pod) => pod.spec.nodeName === node);
  if (found !== undefined) return { namespace, name: found.metadata.name, uid: found.metadata.uid };
  throw new InconclusiveError(`no pod ${podSelector} of ${namespace} runs on ${node}`);
}
