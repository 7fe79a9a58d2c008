import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { execa } from 'execa';
import { describeError, exitCodeOf, OrdealError } from '../errors.ts';
import { readLog } from '../events/reader.ts';
import type { RunEvent } from '../events/types.ts';
import { spreadLine, timesOf } from './policy-times.ts';

interface Options {
  readonly kubeconfig: string;
  readonly image?: string;
  readonly all?: boolean;
}

/** What Cyclonus runs by default: six families without pairs of peers and port ranges. */
const families = ['action', 'target', 'rules', 'ports', 'peers', 'conflict'];
const leftOut = ['multi-peer', 'end-port', 'upstream-e2e', 'namespaces-by-default-label', 'example'];
/** Seconds a case of Cyclonus 0.5.6 took, two nodes, Cilium, two cores (nine cases in 560 s). */
const referenceSeconds = 62;

const out = (line: string) => process.stdout.write(`${line}\n`);
const tags = (flag: string, names: readonly string[]) => names.flatMap((name) => [flag, `tag:${name}`]);

async function events(folder: string): Promise<RunEvent[]> {
  const found = (await readdir(folder, { recursive: true })).find((name) => name.endsWith('run.ndjson'));
  if (found === undefined) throw new OrdealError('ENVIRONMENT', 'the run left no log');
  const read: RunEvent[] = [];
  for await (const event of readLog(join(folder, found))) read.push(event);
  return read;
}

async function bench({ kubeconfig, image, all }: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-bench-'));
  const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const byDefault = [...tags('--include', families), ...tags('--exclude', leftOut)];
  const chosen = all === true ? ['--area', 'networkpolicy'] : byDefault;
  const own = image === undefined ? [] : ['--agent-image', image];
  const args = ['run', '--kubeconfig', kubeconfig, ...own, '--out', folder];
  try {
    await execa(process.execPath, [main, ...args, ...chosen], {
      stdio: ['ignore', 'ignore', 'inherit'],
      reject: false,
    });
    report(await events(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(log: readonly RunEvent[]): void {
  const times = timesOf(log);
  const { cases, seconds, outcomes } = times;
  out(`${cases} cases in ${seconds.toFixed(0)} s: ${((cases * 60) / seconds).toFixed(1)} cases/min`);
  out(`outcomes: ${[...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  out(spreadLine('a step, once its objects are applied', times.step));
  out(spreadLine('  of it until the first cells changed', times.effect));
  out(spreadLine('  of it until the whole table agreed twice', times.agreement));
  out(`ratio to ${referenceSeconds} s a case: ${((referenceSeconds * cases) / seconds).toFixed(0)}x`);
}

const command = new Command('bench:networkpolicy')
  .description('time the NetworkPolicy cases on an existing cluster: cases/min, seconds a step, where they go')
  .requiredOption('--kubeconfig <file>', 'the cluster')
  .option('--image <reference>', 'image with Node.js for the pods, as --agent-image of `ordeal run`')
  .option('--all', 'every case of the area, not only what Cyclonus runs by default');

try {
  await bench(command.parse().opts());
} catch (error) {
  process.stderr.write(`bench:networkpolicy: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
