import { execa } from 'execa';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadRun } from '../events/reader.ts';
import type { RunRecord } from '../events/record.ts';
import { standingOf } from '../events/record.ts';
import { projectRoot } from '../cli/paths.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a person would, narration passed through, and returns how it ended; never throws. */
export async function ordeal(...args: string[]): Promise<Ended> {
  const child = await execa(process.execPath, [join(projectRoot, 'harness/cli/main.ts'), ...args], {
    cwd: projectRoot,
    reject: false,
    stdin: 'ignore',
    stderr: ['pipe', 'inherit'],
  });
  return { exitCode: child.exitCode ?? -1, stdout: child.stdout, stderr: child.stderr };
}

export function scratch(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `ordeal-${prefix}-`));
}

/** Returns the ids of a run's cases by how they stand. */
export async function standings(folder: string): Promise<{ run: RunRecord; ids: (standing: string) => string[] }> {
  const run = await loadRun(folder);
  const ids = (standing: string) => run.cases.filter((one) => standingOf(one) === standing).map((one) => one.id);
  return { run, ids };
}

/** Waits until the log of a running run holds an event of this type about a case. */
export async function untilLogged(folder: string, type: string, caseId: string): Promise<void> {
  const deadline = Date.now() + 5 * 60_000;
  const isIt = (line: string) => line.includes(`"${type}"`) && line.includes(`"${caseId}"`);
  while (Date.now() < deadline) {
    const log = await readFile(join(folder, 'run.ndjson'), 'utf8').catch(() => '');
    if (log.split('\n').some(isIt)) return;
    if (log.includes('"run.finished"')) throw new Error(`the run ended without ${type} of ${caseId}`);
    await pause(100);
  }
  throw new Error(`no ${type} of ${caseId} within five minutes`);
}

/** Returns names of containers that carry a kind cluster label, of clusters whose name starts with `prefix`. */
export async function kindContainers(prefix: string): Promise<string[]> {
  const { stdout } = await execa(
    'docker',
    ['ps', '-a', '--filter', 'label=io.x-k8s.kind.cluster', '--format', '{{.Names}}'],
    {
      reject: false,
    },
  );
  return stdout.split('\n').filter((name) => name.startsWith(prefix));
}

const mostRelapses = 3;

/**
 * Returns the cases of a run that do not conform. Up to three get a second judgement on a cluster of their own, since a
 * loaded CI machine may starve a timing case once; what recovers is named on stderr, what fails twice is returned.
 */
export async function failedTwice(folder: string, cni: string): Promise<string[]> {
  const first = await standings(folder);
  const suspects = [...first.ids('failed'), ...first.ids('inconclusive')];
  if (suspects.length === 0 || suspects.length > mostRelapses) return suspects;
  process.stderr.write(`judged again: ${suspects.join(', ')}\n`);
  const out = await scratch('again');
  await ordeal('run', '--cni', cni, '--out', out, ...suspects.flatMap((id) => ['--include', id]));
  const { ids } = await standings(out);
  return suspects.filter((id) => !ids('passed').includes(id));
}
