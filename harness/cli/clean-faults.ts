import { describeError, OrdealError } from '../base/errors.ts';
import { isMarkAlive } from '../base/process-alive.ts';
import { nodeNames, ownedClusters, type OwnedCluster } from '../cluster/ownership.ts';
import { leftRecords, settleRecord } from '../fault/recover.ts';
import { sweepFaults } from '../fault/sweep.ts';
import { execInNode } from '../node/docker.ts';

export interface CleanFaultsOptions {
  /** Only this cluster, or this run. */
  readonly only: string | undefined;
  /** Also faults of runs that still live. */
  readonly force: boolean;
  /** Folder of a run, or of many, whose write-ahead records are read. */
  readonly results: string;
}

/**
 * Reverts the faults that dead runs left on the nodes of kind clusters of ours, and settles their write-ahead records.
 * Faults of a run that still lives stay. Returns a line for each that was taken away, or whose record is settled.
 * @throws OrdealError FAULT naming what could not be reverted, after trying all.
 */
export async function cleanFaults(options: CleanFaultsOptions): Promise<string[]> {
  const { only } = options;
  const all = await ownedClusters();
  const ours = all.filter(({ name, runId }) => only === undefined || only === name || only === runId);
  const swept = await Promise.allSettled(ours.map((cluster) => sweepCluster(cluster, options.force)));
  const names = all.map(({ name }) => name);
  const left = (await leftRecords(options.results)).filter(
    ({ record }) => only === undefined || only === record.cluster || only === record.runId,
  );
  const settled = await Promise.allSettled(
    left.map(async (one) => {
      const there = names.includes(one.record.cluster);
      await settleRecord(one, there ? execInNode : undefined);
      return [`settled the record of ${one.record.title}${there ? '' : `: cluster ${one.record.cluster} is gone`}`];
    }),
  );
  const outcomes = [...swept, ...settled];
  const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [describeError(one.reason)] : []));
  if (failed.length > 0) throw new OrdealError('FAULT', failed.join('; '));
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** Where its owner lives, what has no record may be just about to get one. */
async function sweepCluster({ name, ownerAlive }: OwnedCluster, force: boolean): Promise<string[]> {
  const isLeft = (owner: string | undefined) => (owner === undefined ? !ownerAlive : !isMarkAlive(owner));
  const nodes = await nodeNames(name);
  const swept = await sweepFaults({ exec: execInNode, nodes, only: (record) => force || isLeft(record?.owner) });
  return swept.map(({ node, title, act, by }) => {
    const what = `${title ?? act} on node ${node}`;
    return by === 'harness' ? `reverted ${what}` : `cleared what was left of ${what}`;
  });
}
