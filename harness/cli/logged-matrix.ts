import { resolve } from 'node:path';
import { newRunId } from '../base/run-id.ts';
import { logCommand } from '../events/command-log.ts';
import type { Comparison } from '../table/compare-tables.ts';
import { endOfComparison, rowsOfComparison } from '../table/comparison-rows.ts';
import type { Write } from './output.ts';

/** Writes the log of a measured table, says where it is, and returns the exit code: 1 where cells differ, 4 where some are open. */
export async function logMatrix(comparison: Comparison, out: string | undefined, warn: Write): Promise<number> {
  const runId = newRunId('matrix');
  const folder = resolve(out ?? `ordeal-results/${runId}`);
  const about = { id: 'matrix-measure', title: 'Every pod reaches those that the policies let it', area: 'matrix' };
  const argv = process.argv.slice(2);
  const exitCode = await logCommand({ command: 'matrix', runId, folder, argv, ...about }, (recorder) => {
    recorder.table('measured', rowsOfComparison(comparison));
    return Promise.resolve(endOfComparison(comparison));
  });
  await warn(`report: npx ordeal report ${folder}\n`);
  return exitCode;
}
