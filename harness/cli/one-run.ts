import { join, resolve } from 'node:path';
import { exitCodeOf, ExitCode } from '../base/errors.ts';
import { exitCodeFor } from '../events/exit-code.ts';
import { loadRun } from '../events/reader.ts';
import { redactArgv } from '../events/redact.ts';
import { logVersion } from '../events/types.ts';
import { openLog, type RunLog } from '../events/writer.ts';
import { terminalProgress } from '../base/progress-terminal.ts';
import { allCases } from './all-cases.ts';
import { explainFailure } from './explain-failure.ts';
import { type NotPlanned, planCases } from './plan-cases.ts';
import { runOnCluster } from './run-on-cluster.ts';
import { packageRoot } from '../base/paths.ts';
import { newRunId } from '../base/run-id.ts';
import { loadTimeouts, type RunOptions } from './run-options.ts';
import { expectedTime } from './run-plan.ts';
import { failedBefore } from './selection.ts';
import { ordealVersion } from '../base/version.ts';

type Cni = RunOptions['cni'][number];
export type OneRunOptions = RunOptions & { readonly several: boolean };

/** Runs everything for one cluster, whatever happens leaves a log and reports, and returns where and how it ended. */
export async function runOne(
  options: OneRunOptions,
  cni: Cni | undefined,
  signal: AbortSignal,
): Promise<{ folder: string; exitCode: ExitCode }> {
  const { cases, leftOut } = planCases(await allCases(options), options, await failedBefore(options));
  const timeouts = await loadTimeouts(options.timeouts);
  const runId = newRunId(cni ?? 'cluster');
  const folder = folderOf(options, cni, runId);
  const log = openLog(join(folder, 'run.ndjson'));
  const progress = terminalProgress({ quiet: options.quiet });
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
    progress.note(await expectedTime(cases));
    await runOnCluster({ options, cni, cases, timeouts, runId, folder, log, progress, signal });
    const broken = log.failure();
    if (broken !== undefined) throw broken;
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

function begin(log: RunLog, runId: string, options: RunOptions, leftOut: readonly NotPlanned[]): void {
  log.emit({
    type: 'run.started',
    logVersion,
    command: 'run',
    selection: { include: chosenBy(options), exclude: [...options.exclude], all: options.all },
    runId,
    ordeal: ordealVersion(packageRoot),
    argv: redactArgv(process.argv.slice(2)),
    imageSource: options.images,
    ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map((one) => ({ ...one, ids: [...one.ids] })) }),
  });
}

/** Returns what chose among the cases, in words. */
function chosenBy({ include, area, tier, lastFailed, shard }: RunOptions): string[] {
  const part = shard === undefined ? [] : [`shard ${shard.index}/${shard.of}`];
  const before = lastFailed === false ? [] : ['last failed'];
  return [...include, ...area.map((one) => `area:${one}`), ...tier.map((one) => `tier:${one}`), ...before, ...part];
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
