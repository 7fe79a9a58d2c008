import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadRun } from '../harness/events/reader.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { render } from './formats.ts';
import type { Format, Rendered } from './formats.ts';

/**
 * Renders the log of a run folder into it: junit.xml, conformance.yaml, report.html, allure-results/, allure-report/.
 * Returns the record and what was written or could not be. @throws OrdealError USAGE when there is no readable log.
 */
export async function renderAll(
  runDir: string,
  options: { out?: string; formats?: readonly Format[] } = {},
): Promise<{ readonly run: RunRecord; readonly rendered: readonly Rendered[] }> {
  const run = await loadRun(runDir);
  const rendered = await render(run, options.out ?? (await folderOf(runDir)), options.formats);
  return { run, rendered };
}

async function folderOf(path: string): Promise<string> {
  return (await stat(path)).isDirectory() ? path : dirname(path);
}
