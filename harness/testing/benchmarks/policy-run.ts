import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { OrdealError } from '../../base/errors.ts';
import { readLog } from '../../events/reader.ts';
import type { RunEvent } from '../../events/types.ts';
import { type PolicyTimes, timesOf } from './policy-times.ts';

export interface PolicyRun {
  readonly kubeconfig: string;
  /** Image with Node.js for the pods, as `--agent-image` of `ordeal run`. */
  readonly image?: string;
  /** Every case of the area, not only what Cyclonus runs by default. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
}

/** What Cyclonus runs by default: six families without pairs of peers and port ranges. */
const families = ['action', 'target', 'rules', 'ports', 'peers', 'conflict'];
const leftOut = ['multi-peer', 'end-port', 'upstream-e2e', 'namespaces-by-default-label', 'example'];

const tags = (flag: string, names: readonly string[]) => names.flatMap((name) => [flag, `tag:${name}`]);

/**
 * Runs the NetworkPolicy cases on an existing cluster as a user would, and returns the times its log tells.
 * @throws OrdealError ENVIRONMENT when the run came to nothing.
 */
export async function runPolicyCases({ kubeconfig, image, all, signal }: PolicyRun): Promise<PolicyTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-bench-'));
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const byDefault = [...tags('--include', families), ...tags('--exclude', leftOut)];
  const chosen = all === true ? ['--area', 'networkpolicy'] : byDefault;
  const own = image === undefined ? [] : ['--agent-image', image];
  const args = [
    main,
    'run',
    '--kubeconfig',
    kubeconfig,
    '--allow-disruption',
    'all',
    ...own,
    '--out',
    folder,
    ...chosen,
  ];
  try {
    await execa(process.execPath, ['--max-semi-space-size=64', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      reject: false,
      cancelSignal: signal,
    });
    return timesOf(await events(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function events(folder: string): Promise<RunEvent[]> {
  const found = (await readdir(folder, { recursive: true })).find((name) => name.endsWith('run.ndjson'));
  if (found === undefined) throw new OrdealError('ENVIRONMENT', 'the run left no log');
  const read: RunEvent[] = [];
  for await (const event of readLog(join(folder, found))) read.push(event);
  return read;
}
