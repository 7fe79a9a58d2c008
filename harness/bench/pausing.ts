import { OrdealError } from '../base/errors.ts';
import { settle } from '../base/settle.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { nodeNames } from '../cluster/ownership.ts';
import type { Cluster } from '../cluster/types.ts';
import { listNodes, nodeTrouble } from '../kube/nodes.ts';
import { docker } from '../node/docker.ts';

/** How a cluster is kept from taking CPU while another is measured. */
export interface Pausing {
  pause(): Promise<void>;
  /** Lets it go on, and waits until it is whole and stays so. @throws OrdealError CLUSTER, NOT_SETTLED. */
  resume(): Promise<void>;
  /** Lets it go on without waiting: Docker ends nothing that stands still. @throws OrdealError CLUSTER. */
  release(): Promise<void>;
}

/**
 * Returns the pausing of a kind cluster: all its nodes stand still at once, and nothing in them sees the others gone. An
 * existing cluster is never paused, only looked at until it is whole.
 */
export function pausingOf({ info, kube }: Cluster, timeouts: Timeouts, signal: AbortSignal): Pausing {
  const count = info.nodes.length;
  const whole = async (): Promise<string | undefined> => {
    const nodes = await listNodes(kube).catch((error: unknown) => (error instanceof Error ? error : undefined));
    if (!Array.isArray(nodes)) return `the API server does not answer: ${nodes?.message ?? 'unknown'}`;
    if (nodes.length < count) return `${nodes.length} of ${count} nodes`;
    return nodes.flatMap((node) => nodeTrouble(node) ?? [])[0];
  };
  const pollMs = 500;
  const wait = { consecutive: Math.ceil(timeouts.unpausedSteadyMs / pollMs), timeoutMs: timeouts.unpausedReadyMs };
  const turn = (verb: 'pause' | 'unpause') => (info.provider === 'kind' ? onNodes(info.name, verb) : Promise.resolve());
  return {
    pause: () => turn('pause'),
    release: () => turn('unpause'),
    resume: async () => {
      await turn('unpause');
      await settle({ what: `cluster ${info.name} after its pause`, sample: whole, pollMs, ...wait, signal });
    },
  };
}

/** Docker refuses to pause what is paused, and the reverse: that is what was wanted. */
const already = /already paused|is not paused/;

async function onNodes(cluster: string, verb: 'pause' | 'unpause'): Promise<void> {
  const nodes = await nodeNames(cluster);
  const results = await Promise.all(nodes.map((node) => docker([verb, node])));
  const failed = results.find(({ code, stderr }) => code !== 0 && !already.test(stderr));
  if (failed === undefined) return;
  throw new OrdealError('CLUSTER', `cluster ${cluster} could not be ${verb}d: ${failed.stderr.trim().slice(0, 300)}`, {
    remedy: `Look at its containers: docker ps --filter label=io.x-k8s.kind.cluster=${cluster}`,
  });
}
