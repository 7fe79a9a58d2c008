import type { Bed, Change } from './types.ts';

const query = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;

/**
 * Returns a change that is made once the first policy of a grid is there, and not before: pods of the run could not even
 * start while the agent that gives them their network is stopped.
 */
export function onceIsolated(bed: Bed, change: Change): Change {
  const over = new AbortController();
  let work: Promise<void> = Promise.resolve();
  return {
    title: `${change.title}, once a policy is there`,
    apply() {
      work = untilIsolated(bed, over.signal).then((isThere) => (isThere ? change.apply() : undefined));
      // What it throws is thrown by the undo.
      work.catch(() => undefined);
      return Promise.resolve();
    },
    async undo() {
      over.abort();
      await Promise.allSettled([work]);
      await change.undo();
      await work;
    },
    isGone: () => change.isGone(),
  };
}

/** Returns false where it was aborted before. */
async function untilIsolated({ kube }: Bed, signal: AbortSignal): Promise<boolean> {
  for await (const { object, gone } of kube.follow(query, signal)) {
    if (!gone && object.metadata.namespace?.includes('-grid-') === true) return true;
  }
  return false;
}
