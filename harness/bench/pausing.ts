import { describeError, OrdealError } from '../base/errors.ts';
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
  const turn = (verb: 'pause' | 'unpause') =>
    info.provider === 'kind' ? onNodes(info.name, verb, timeouts) : Promise.resolve();
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

/**
 * Tried for a while: a busy machine does not always freeze a container in time, and Docker says so at once. An interrupt
 * does not end it: nothing can be taken away from a cluster that stands still.
 */
async function onNodes(cluster: string, verb: 'pause' | 'unpause', { nodeCommandMs }: Timeouts): Promise<void> {
  const nodes = await nodeNames(cluster);
  const failing = async (): Promise<string | undefined> => {
    const results = await Promise.all(nodes.map((node) => docker([verb, node])));
    const failed = results.find(({ code, stderr }) => code !== 0 && !already.test(stderr));
    return failed === undefined ? undefined : failed.stderr.trim().slice(0, 300);
  };
  const what = `${verb} cluster ${cluster}`;
  const wait = { consecutive: 1, pollMs: 1_000, timeoutMs: nodeCommandMs };
  await settle({ what, sample: failing, ...wait }).catch((cause: unknown) => {
    throw new OrdealError('CLUSTER', `cluster ${cluster} could not be ${verb}d: ${describeError(cause)}`, {
      remedy: `Look at its containers: docker ps --filter label=io.x-k8s.kind.cluster=${cluster}`,
      cause,
    });
  });
}
