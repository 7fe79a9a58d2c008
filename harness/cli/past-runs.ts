import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { loadRun } from '../events/reader.ts';
import { type RunRecord, statusOf } from '../events/record.ts';

const results = 'ordeal-results';

/** Returns the folder of the newest run under `root` that judged a cluster. @throws OrdealError USAGE where there is none. */
export async function newestRun(root = results): Promise<string> {
  const [newest] = await runFolders(root);
  if (newest !== undefined) return newest;
  throw new OrdealError('USAGE', `--last-failed: there is no run under ${root}/`, {
    remedy: 'Run once without it, or name a run folder: --last-failed RUN.',
  });
}

/** Folders of runs, the newest first: their names begin with the time. */
async function runFolders(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => []);
  const runs = names.filter((name) => /^\d{8}-\d{6}-/.test(name) && !/-(fuzz|matrix|compare)-[0-9a-f]+$/.test(name));
  return runs
    .sort()
    .reverse()
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, 'run.ndjson')));
}

const open = new Set(['failed', 'inconclusive', 'not-run', 'known-failure', 'unexpected-pass']);

/** Returns the ids of cases that did not simply pass, known failures among them, or were never run. @throws OrdealError USAGE */
export async function failedIn(run: string): Promise<string[]> {
  const folder = [run, join(results, run)].find((path) => existsSync(path)) ?? run;
  const { cases } = await loadRun(folder);
  return [...new Set(cases.filter((one) => open.has(statusOf(one))).map(({ id }) => id))];
}

/** How long cases took in an earlier run. */
export interface PastTimes {
  readonly run: string;
  /** By id. */
  readonly ms: ReadonlyMap<string, number>;
  /** Milliseconds of cases in one of the clock. */
  readonly overlap: number;
}

/** Returns the times of the newest whole run under `root`; undefined where there is none. */
export async function pastTimes(root = results): Promise<PastTimes | undefined> {
  for (const folder of (await runFolders(root)).slice(0, 5)) {
    const times = await loadRun(folder).then(timesOf, () => undefined);
    if (times !== undefined) return { run: folder, ...times };
  }
  return undefined;
}

function timesOf({ cases, steps }: RunRecord): Omit<PastTimes, 'run'> | undefined {
  const wall = steps.find(({ title }) => /^run \d+ cases$/.test(title))?.ms;
  const ms = new Map(cases.flatMap(({ id, result }) => (result === undefined ? [] : [[id, result.ms] as const])));
  const sum = [...ms.values()].reduce((total, one) => total + one, 0);
  return wall === undefined || wall <= 0 || sum <= 0 ? undefined : { ms, overlap: Math.max(1, sum / wall) };
}

/**
 * Returns what these cases take, in ms, by the times of an earlier run; a case that it did not have takes what its cases took
 * on average. They overlap as they did there, but none ends before its own time.
 */
export function estimateMs(ids: readonly string[], { ms, overlap }: PastTimes): number {
  const average = [...ms.values()].reduce((total, one) => total + one, 0) / ms.size;
  const each = ids.map((id) => ms.get(id) ?? average);
  return Math.max(0, ...each, each.reduce((total, one) => total + one, 0) / overlap);
}
