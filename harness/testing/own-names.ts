import { docker, dockerLines } from '../node/docker.ts';
import { ownedClusters, removeCluster } from '../cluster/ownership.ts';
import { isAlive } from '../base/process-alive.ts';
import { Timeouts } from '../base/timeouts.ts';

const prefix = 'ordeal-it-';
const ours = new RegExp(`^${prefix}(\\d+)-`);

/** Returns a name for a cluster or container of one test process alone: what a killed one left bears another. */
export function ownName(what: string, pid = process.pid): string {
  return `${prefix}${pid}-${what}`;
}

/** Removes clusters and containers of test processes that are no more. Returns their names. @throws OrdealError */
export async function sweepKilledTests(): Promise<string[]> {
  const { cleanupMs } = Timeouts.parse({});
  const clusters = (await ownedClusters()).filter(({ name }) => isOfDead(name));
  await Promise.all(clusters.map((cluster) => removeCluster(cluster, cleanupMs)));
  const containers = (await dockerLines(['ps', '--all', '--format', '{{.Names}}'])).filter(isOfDead);
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  return [...clusters.map(({ name }) => name), ...containers];
}

function isOfDead(name: string): boolean {
  const pid = ours.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}
