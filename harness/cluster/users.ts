import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { isMarkAlive, processMark } from '../base/process-alive.ts';
import { defaultCacheRoot } from '../images/store.ts';

/** A run under way on a kept cluster. */
export interface ClusterUser {
  readonly runId: string;
  readonly pid: string;
}

/**
 * Marks a kept cluster as in use by this run until the returned function is called or this process ends: two runs on
 * one cluster would measure each other's policies and faults. Marks are empty files named `<process mark>.<run id>`, one
 * a user, so that none is ever taken over: of two that begin at the same instant, both may be refused, never neither.
 * @throws OrdealError USAGE naming the run and the process that use it.
 */
export async function useCluster(name: string, runId: string, root = marksRoot()): Promise<() => Promise<void>> {
  const folder = join(root, name);
  const own = join(folder, `${processMark()}.${runId}`);
  await mkdir(folder, { recursive: true });
  await writeFile(own, '');
  const release = () => rm(own, { force: true });
  const other = (await usersOf(name, root)).find((user) => user.runId !== runId);
  if (other === undefined) return release;
  await release();
  throw new OrdealError(
    'USAGE',
    `--reuse --name ${name}: run ${other.runId} is under way on it, process ${other.pid}`,
    {
      remedy: 'Wait for its end, or take another cluster: two runs on one would measure each other.',
    },
  );
}

/** Returns the runs under way on a kept cluster, and forgets those whose process has ended. */
export async function usersOf(name: string, root = marksRoot()): Promise<ClusterUser[]> {
  const folder = join(root, name);
  const marks = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const users = await Promise.all(marks.map((mark) => userOf(folder, mark)));
  return users.flat();
}

async function userOf(folder: string, mark: string): Promise<ClusterUser[]> {
  const [pid = '', started = '', ...runId] = mark.split('.');
  if (isMarkAlive(`${pid}.${started}`)) return [{ pid, runId: runId.join('.') }];
  await rm(join(folder, mark), { force: true });
  return [];
}

function marksRoot(): string {
  return join(defaultCacheRoot(), 'in-use');
}
