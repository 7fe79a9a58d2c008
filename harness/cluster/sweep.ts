import { OrdealError } from '../base/errors.ts';
import { ownedClusters, removeCluster, type OwnedCluster } from './ownership.ts';
import { usersOf } from './users.ts';

export interface SweepOptions {
  /** Also clusters whose run still goes on. */
  readonly force?: boolean;
  /** Only this cluster, or this run. */
  readonly only?: string;
  readonly timeoutMs: number;
  /** Remove nothing: return what would be. */
  readonly dryRun?: boolean;
  readonly note?: (line: string) => void;
}

export interface Swept {
  readonly removed: readonly OwnedCluster[];
  /** Left alone, since the process that made them, or one that reuses them, still runs. */
  readonly inUse: readonly OwnedCluster[];
}

/**
 * Removes kind clusters of ours that no running process owns or reuses: their containers, volumes and networks, nothing that
 * does not carry our mark. Waits until they are gone; all are tried. @throws OrdealError CLUSTER naming what stays.
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { only, force = false, timeoutMs, note = () => undefined } = options;
  const ours = (await ownedClusters()).filter(
    ({ name, runId }) => only === undefined || only === name || only === runId,
  );
  const used = await Promise.all(ours.map(async (one) => one.ownerAlive || (await usersOf(one.name)).length > 0));
  const inUse = ours.filter((_, index) => used[index] === true && !force);
  const doomed = ours.filter((cluster) => !inUse.includes(cluster));
  if (options.dryRun === true) return { removed: doomed, inUse };
  const outcomes = await Promise.allSettled(
    doomed.map(async (cluster) => {
      await removeCluster(cluster, timeoutMs);
      note(`removed cluster ${cluster.name} of run ${cluster.runId}`);
    }),
  );
  const failed = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failed.length === 0) return { removed: doomed, inUse };
  const said = failed.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
  throw new OrdealError('CLUSTER', said, { cause: failed[0] });
}
