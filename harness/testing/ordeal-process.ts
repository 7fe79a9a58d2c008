import { execa } from 'execa';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadRun } from '../events/reader.ts';
import type { RunRecord } from '../events/record.ts';
import { reasonOf, statusOf } from '../events/record.ts';
import { projectRoot } from '../base/paths.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const killSignals = ['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const;
export type KillSignal = (typeof killSignals)[number];

/** A run under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (name: 'SIGSTOP' | 'SIGCONT' | KillSignal) => void;
}

/** Starts the command line as a person would, narration passed through; `ended` never rejects. */
export function begin(...args: string[]): Running {
  const child = execa(process.execPath, [join(projectRoot, 'harness/cli/main.ts'), ...args], {
    cwd: projectRoot,
    reject: false,
    stdin: 'ignore',
    stderr: ['pipe', 'inherit'],
  });
  const ended = child.then(({ exitCode, stdout, stderr }) => ({ exitCode: exitCode ?? -1, stdout, stderr }));
  return { ended, signal: (name) => void child.nodeChildProcess.kill(name) };
}

/** Runs the command line and returns how it ended; never throws. */
export function ordeal(...args: string[]): Promise<Ended> {
  return begin(...args).ended;
}

export function scratch(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `ordeal-${prefix}-`));
}

/** Returns the ids of a run's cases by how they stand. */
export async function caseStatuses(folder: string): Promise<{ run: RunRecord; ids: (status: string) => string[] }> {
  const run = await loadRun(folder);
  const ids = (status: string) => run.cases.filter((one) => statusOf(one) === status).map((one) => one.id);
  return { run, ids };
}

/** Returns a case of a run. @throws Error where it was not planned. */
export function caseOf(run: RunRecord, id: string): RunRecord['cases'][number] {
  const found = run.cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the run has no case ${id}`);
  return found;
}

const heldAtMost = 5 * 60_000;
/** Far less than what lies between two steps of a case: their events are written at once. */
const lookMs = 10;

/**
 * Holds a run as soon as its log has a line like `at`, does `work`, and lets the run go on: to the run, `work` took no
 * time. Returns false, and does nothing, where the run was already past `tooLate`; throws where it ended or took five
 * minutes before.
 */
export async function holdAt(
  running: Running,
  folder: string,
  { at, tooLate }: { readonly at: RegExp; readonly tooLate: RegExp },
  work: () => Promise<void>,
): Promise<boolean> {
  const log = () => readFile(join(folder, 'run.ndjson'), 'utf8').catch(() => '');
  const deadline = Date.now() + heldAtMost;
  for (let text = await log(); !at.test(text); text = await log()) {
    if (Date.now() > deadline || text.includes('"run.finished"')) throw new Error(`the run never came to ${at}`);
    await pause(lookMs);
  }
  running.signal('SIGSTOP');
  try {
    if (tooLate.test(await log())) return false;
    await work();
    return true;
  } finally {
    running.signal('SIGCONT');
  }
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

/** More failed cases than these are no moment of a busy machine; of those without a verdict a starved minute leaves more. */
const mostAgain = { failed: 3, inconclusive: 8 };

/**
 * Returns the cases of a run that do not conform, each with its reason. A few get a second judgement on a cluster of
 * their own, since a loaded CI machine may starve a timing case once; what recovers is named on stderr, what fails twice
 * is returned.
 */
export async function failedTwice(folder: string, cni: string): Promise<string[]> {
  const first = await caseStatuses(folder);
  const [failed, inconclusive] = [first.ids('failed'), first.ids('inconclusive')];
  const suspects = [...failed, ...inconclusive];
  const told = suspects.map((id) => withReason(first.run, id));
  if (suspects.length === 0) return [];
  if (failed.length > mostAgain.failed || inconclusive.length > mostAgain.inconclusive) return told;
  process.stderr.write(`judged again:\n${told.join('\n')}\n`);
  const out = await scratch('again');
  await ordeal('run', '--cni', cni, '--out', out, ...suspects.flatMap((id) => ['--include', id]));
  const { ids, run } = await caseStatuses(out);
  return suspects.filter((id) => !ids('passed').includes(id)).map((id) => withReason(run, id));
}

function withReason(run: RunRecord, id: string): string {
  const found = run.cases.find((one) => one.id === id);
  return `${id}: ${found === undefined ? 'not judged' : `${statusOf(found)}: ${reasonOf(found)}`}`;
}
