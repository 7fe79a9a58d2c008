import { docker, dockerLines } from '../cluster/docker.ts';
import { kindLabel, ownedClusters, removeCluster } from '../cluster/ownership.ts';
import { Timeouts } from '../timeouts.ts';

const ours = /^ordeal-it-(\d+)-/;

/** Returns a name for a cluster or container of this test process alone: what a killed one left bears another. */
export function ownName(what: string): string {
  return `ordeal-it-${process.pid}-${what}`;
}

/** Removes clusters and containers of test processes that are no more. Returns their names. @throws OrdealError */
export async function sweepKilledTests(): Promise<string[]> {
  const { cleanupMs } = Timeouts.parse({});
  const clusters = (await ownedClusters()).filter(({ name }) => isOfDead(name));
  await Promise.all(clusters.map((cluster) => removeCluster(cluster, cleanupMs)));
  const containers = (await bareContainers()).filter(isOfDead);
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  return [...clusters.map(({ name }) => name), ...containers];
}

/** Returns names of containers that are no node of a kind cluster. */
async function bareContainers(): Promise<string[]> {
  const lines = await dockerLines(['ps', '--all', '--format', `{{.Names}} {{.Label "${kindLabel}"}}`]);
  return lines.flatMap((line) => {
    const [name, cluster] = line.split(' ');
    return name !== undefined && (cluster ?? '') === '' ? [name] : [];
  });
}

function isOfDead(name: string): boolean {
  const pid = ours.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
