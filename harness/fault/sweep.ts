import type { NodeExec } from '../node/types.ts';
import type { Cluster } from '../cluster/types.ts';
import { describeError, OrdealError } from '../base/errors.ts';
import { recordsOnNode, undoOnNode } from './on-node.ts';
import { parseRecord } from './record.ts';
import type { RevertedBy } from './types.ts';

export interface SweptFault {
  readonly node: string;
  readonly id: string;
  readonly title: string;
  readonly by: RevertedBy;
}

/**
 * Finds faults that a killed harness left on the nodes and reverts them; `runId` limits it to one run. Returns what was
 * swept, empty where nodes cannot be entered (nothing can have been applied there). Throws OrdealError FAULT after
 * trying every node when one could not be swept.
 */
export async function sweepFaults(cluster: Pick<Cluster, 'info' | 'nodeExec'>, runId?: string): Promise<SweptFault[]> {
  const exec = cluster.nodeExec;
  if (exec === undefined) return [];
  const tries = await Promise.allSettled(cluster.info.nodes.map(({ name }) => sweepNode(exec, name, runId)));
  const failed = tries.flatMap((one) => (one.status === 'rejected' ? [describeError(one.reason)] : []));
  if (failed.length > 0) {
    throw new OrdealError('FAULT', `sweeping faults: ${failed.join('; ')}`, {
      remedy: 'Each node still reverts at its own deadline; deleting the cluster removes everything.',
    });
  }
  return tries.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function sweepNode(exec: NodeExec, node: string, runId: string | undefined): Promise<SweptFault[]> {
  const records = (await recordsOnNode(exec, node)).map(parseRecord);
  const ours = records.filter((record) => runId === undefined || record.runId === runId);
  const swept: SweptFault[] = [];
  for (const { id, title } of ours) swept.push({ node, id, title, by: await undoOnNode(exec, node, id) });
  return swept;
}
