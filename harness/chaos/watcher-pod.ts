import type { Timeouts } from '../base/timeouts.ts';
import type { Cluster } from '../cluster/types.ts';
import { namespace, ownedLabels } from '../kube/objects.ts';
import type { Agent } from '../probe/agent-types.ts';
import { startAgents } from '../probe/fleet.ts';

export interface WatcherSpec {
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

/** Runs `work` with a pod that can probe, in a namespace of its own, and removes both. @throws OrdealError AGENT, KUBE_API. */
export async function withWatcher<T>(
  { kube, agentImage }: Cluster,
  { runId, timeouts, signal }: WatcherSpec,
  work: (agent: Agent) => Promise<T>,
): Promise<T> {
  const name = `ordeal-${runId.slice(-6)}-chaos`;
  const remove = () => kube.remove({ apiVersion: 'v1', kind: 'Namespace', name });
  try {
    await kube.apply(namespace(name, ownedLabels(runId)));
    const [agent] = await startAgents({ kube, agentImage, runId, timeouts, signal }, [
      { name: 'watcher', namespace: name },
    ]);
    if (agent === undefined) throw new Error('asked for one pod, got none');
    try {
      return await work(agent);
    } finally {
      agent.close();
    }
  } finally {
    await remove();
  }
}
