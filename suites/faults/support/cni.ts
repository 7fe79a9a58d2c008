import { z } from 'zod';
import { InconclusiveError, SkipError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { CniName } from '../../../clusters/names.ts';

/** Where upstream's manifest puts the agent of a CNI, and what its process is called. */
interface AgentPlace {
  readonly namespace: string;
  readonly labelSelector: string;
  readonly daemonSet: string;
  readonly command: string;
  /** Answers on the node's loopback as long as the agent runs. Absent where upstream's manifest opens none. */
  readonly health?: string;
}

export const agentPlaces: Readonly<Partial<Record<CniName, AgentPlace>>> = {
  flannel: {
    namespace: 'kube-flannel',
    labelSelector: 'app=flannel',
    daemonSet: 'kube-flannel-ds',
    command: 'flanneld',
  },
  calico: {
    namespace: 'kube-system',
    labelSelector: 'k8s-app=calico-node',
    daemonSet: 'calico-node',
    command: 'calico-node',
    health: 'http://127.0.0.1:9099/liveness',
  },
  cilium: {
    namespace: 'kube-system',
    labelSelector: 'k8s-app=cilium',
    daemonSet: 'cilium',
    command: 'cilium-agent',
    health: 'http://127.0.0.1:9879/healthz',
  },
};

/** Parameters of the driver `pause` for the CNI's agent on a node. Throws SkipError where its hanging cannot be seen. */
export function agentPause(ctx: CaseContext, node: string) {
  const { command, health } = cniAgentPlace(ctx);
  if (health === undefined) throw new SkipError(`needs a CNI agent with a health endpoint; ${command} has none`);
  return { node, process: command, health: { askedFrom: node, url: health } };
}

const PodView = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ nodeName: z.string().optional() }),
});

/** Returns where the CNI's agents live. Throws SkipError for a CNI whose agent is not known. */
export function cniAgentPlace(ctx: CaseContext): AgentPlace {
  const { cni } = ctx.cluster.info;
  const place = agentPlaces[cni];
  if (place === undefined) throw new SkipError(`needs a CNI whose agent is known; found: ${cni}`);
  return place;
}

/** Returns the CNI's agent pod on a node. Throws InconclusiveError when there is none. */
export async function cniAgentOn(
  ctx: CaseContext,
  node: string,
): Promise<{ namespace: string; name: string; uid: string }> {
  const { namespace, labelSelector } = cniAgentPlace(ctx);
  const pods = (await ctx.kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })).map((pod) =>
    PodView.parse(pod),
  );
  const found = pods.find((pod) => pod.spec.nodeName === node);
  if (found !== undefined) return { namespace, name: found.metadata.name, uid: found.metadata.uid };
  throw new InconclusiveError(`no pod ${labelSelector} of ${namespace} runs on ${node}`);
}
