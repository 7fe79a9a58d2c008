import { resolve } from 'node:path';
import { newRunId } from '../../base/run-id.ts';
import { type CommandRecorder, logCommand } from '../../events/command-log.ts';

/**
 * Runs a benchmark of Ordeal itself and writes its log under ordeal-results/, so that `ordeal report` shows and compares
 * its figures. @throws what `work` throws.
 */
export async function loggedBenchmark(
  name: string,
  title: string,
  work: (recorder: CommandRecorder) => Promise<void>,
): Promise<void> {
  const runId = newRunId(`bench-${name}`);
  const folder = resolve(`ordeal-results/${runId}`);
  const argv = [`bench:${name}`, ...process.argv.slice(2)];
  const about = { id: `benchmark-${name}`, title, area: 'benchmark' };
  await logCommand({ command: 'benchmark', runId, folder, argv, ...about }, async (recorder) => {
    await work(recorder);
    return { outcome: 'passed' };
  });
  process.stderr.write(`report: npx ordeal report ${folder}\n`);
}
