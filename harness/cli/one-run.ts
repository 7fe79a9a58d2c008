import { join, resolve } from 'node:path';
import { defaultSelection, selectCases } from '../case/select.ts';
import { loadCases } from '../case/load.ts';
import type { CaseDefinition } from '../case/types.ts';
import { exitCodeOf, ExitCode, OrdealError } from '../base/errors.ts';
import { exitCodeFor } from '../events/exit-code.ts';
import { loadRun } from '../events/reader.ts';
import { openLog, type RunLog } from '../events/writer.ts';
import { terminalProgress } from '../base/progress-terminal.ts';
import { explainFailure } from './explain-failure.ts';
import { runOnCluster } from './run-on-cluster.ts';
import { projectRoot, suitesRoot } from '../base/paths.ts';
import { newRunId } from '../base/run-id.ts';
import { loadTimeouts, type RunOptions } from './run-options.ts';
import { ordealVersion } from '../base/version.ts';

type Cni = RunOptions['cni'][number];
export type OneRunOptions = RunOptions & { readonly several: boolean };

/** Runs everything for one cluster, whatever happens leaves a log and reports, and returns where and how it ended. */
export async function runOne(
  options: OneRunOptions,
  cni: Cni | undefined,
  signal: AbortSignal,
): Promise<{ folder: string; exitCode: ExitCode }> {
  const { cases, leftOut } = await plannedCases(options);
  const timeouts = await loadTimeouts(options.timeouts);
  const runId = newRunId(cni ?? 'cluster');
  const folder = folderOf(options, cni, runId);
  const log = openLog(join(folder, 'run.ndjson'));
  const progress = terminalProgress();
  const started = performance.now();
  const finish = (exitCode: ExitCode, error?: string) => {
    log.emit({
      type: 'run.finished',
      exitCode,
      ms: performance.now() - started,
      ...(error === undefined ? {} : { error }),
    });
    log.close();
    progress.close();
  };
  try {
    begin(log, runId, options, leftOut);
    progress.recordTo(log.emit);
    await runOnCluster({ options, cni, cases, timeouts, runId, folder, log, progress, signal });
    const exitCode = signal.aborted ? ExitCode.interrupted : exitCodeFor(await loadRun(folder), { stillOpen: true });
    finish(exitCode);
    return { folder, exitCode: await report(folder, exitCode) };
  } catch (error) {
    const exitCode = signal.aborted ? ExitCode.interrupted : exitCodeOf(error);
    process.stderr.write(`${explainFailure(error)}\n`);
    finish(exitCode, explainFailure(error));
    return { folder, exitCode: await report(folder, exitCode) };
  }
}

function begin(log: RunLog, runId: string, options: RunOptions, leftOut: number): void {
  const argv = process.argv.slice(2);
  log.emit({
    type: 'run.started',
    logVersion: 1,
    runId,
    ordeal: ordealVersion(projectRoot),
    argv,
    imageSource: options.images,
    ...(leftOut === 0 ? {} : { leftOut: { cases: leftOut, why: leftOutBecause } }),
  });
}

const leftOutBecause =
  'left out by default: tier extended, further values of the same rules and what is optional; --all runs them';

/** Cases of the mesh area are planned where a mesh is asked for, or where it may already be in a given cluster. */
async function plannedCases(options: RunOptions): Promise<{ cases: CaseDefinition[]; leftOut: number }> {
  const include = [...options.include, ...options.area];
  const selected = selectCases(await loadCases(suitesRoot), include, options.exclude);
  const everything = options.all || include.length > 0;
  const { chosen, leftOut } = everything ? { chosen: selected, leftOut: 0 } : defaultSelection(selected);
  const given = options.kubeconfig !== undefined || options.reuse;
  const meshless = options.mesh === 'none' && !given && include.length === 0;
  const planned = meshless ? chosen.filter((one) => one.area !== 'mesh') : chosen;
  if (planned.length > 0) return { cases: planned, leftOut };
  throw new OrdealError('USAGE', 'no case is left to run', { remedy: 'Loosen --include, --exclude or --area.' });
}

function folderOf(options: OneRunOptions, cni: Cni | undefined, runId: string): string {
  if (options.out === undefined) return resolve('ordeal-results', runId);
  return options.several && cni !== undefined ? resolve(options.out, cni) : resolve(options.out);
}

/** Renders into the run folder; a renderer that fails is said, and never hides the verdict. */
async function report(folder: string, exitCode: ExitCode): Promise<ExitCode> {
  const [{ renderAll }, { terminalSummary }, { paintFor }] = await Promise.all([
    import('../../reports/render-all.ts'),
    import('../../reports/terminal.ts'),
    import('../../reports/paint.ts'),
  ]);
  try {
    const { run, rendered } = await renderAll(folder);
    for (const one of rendered) if ('missing' in one) process.stderr.write(`${one.missing}\n`);
    process.stdout.write(terminalSummary(run, { paint: paintFor(process.stdout), folder }));
    return exitCode;
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    return exitCode === ExitCode.conforms ? ExitCode.setupFailed : exitCode;
  }
}
