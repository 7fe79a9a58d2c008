import { OrdealError } from '../base/errors.ts';
import { managedBy, runLabel } from '../kube/objects.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { adopt } from '../probe/fleet.ts';
import type { Agent } from '../probe/agent-types.ts';

/**
 * Runs `work` with the agents of the probe pods an earlier run left in the cluster (`--keep`), by key `namespace/name`.
 * hostNetwork agents are left out: policy on them is undefined. @throws OrdealError USAGE when there are none.
 */
export async function withProbePods<T>(
  kube: Kube,
  work: (agents: ReadonlyMap<string, Agent>) => Promise<T>,
): Promise<T> {
  const labelSelector = Object.entries(managedBy)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', labelSelector });
  const probing = pods.filter(({ metadata, spec }) => metadata.labels?.[runLabel] !== undefined && !onHost(spec));
  if (probing.length === 0) {
    throw new OrdealError('USAGE', "none of Ordeal's probe pods runs in this cluster, so nothing can be measured", {
      remedy: 'Leave some with `ordeal run --keep`, or let `ordeal fuzz networkpolicy` start its own.',
    });
  }
  const agents = await Promise.all(probing.map((pod) => agentOf(kube, pod)));
  try {
    return await work(new Map(agents.map((agent) => [`${agent.namespace}/${agent.name}`, agent])));
  } finally {
    for (const agent of agents) agent.close();
  }
}

function onHost(spec: unknown): boolean {
  return typeof spec === 'object' && spec !== null && 'hostNetwork' in spec && spec.hostNetwork === true;
}

function agentOf(kube: Kube, { metadata }: KubeObject) {
  const { name = '', namespace = '', labels = {} } = metadata;
  return adopt({ kube, agentImage: '', runId: labels[runLabel] ?? '' }, { name, namespace });
}
