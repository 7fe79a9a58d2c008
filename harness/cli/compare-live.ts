import { join, resolve } from 'node:path';
import { compareNetworks } from '../bench/compare-networks.ts';
import { curveMetrics, curveRounds } from '../bench/curves.ts';
import type { BenchMetric } from '../bench/metric.ts';
import { benchMetrics } from '../bench/metrics/index.ts';
import { profiles, roundsFor } from '../bench/profile.ts';
import { turnsOf } from '../bench/rounds.ts';
import { exitCodeOf, ExitCode, OrdealError } from '../base/errors.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { packageRoot } from '../base/paths.ts';
import { type TerminalProgress, terminalProgress } from '../base/progress-terminal.ts';
import { newRunId } from '../base/run-id.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { ordealVersion } from '../base/version.ts';
import { exitCodeFor } from '../events/exit-code.ts';
import { loadRun } from '../events/reader.ts';
import { redactArgv } from '../events/redact.ts';
import { logVersion } from '../events/types.ts';
import { openLog, type RunLog } from '../events/writer.ts';
import { seededRandom } from '../measure/random.ts';
import type { CompareOptions } from './compare-options.ts';
import { prepareHost } from './doctor.ts';
import { explainFailure } from './explain-failure.ts';
import { makingOf, subjectsOf } from './compared-subjects.ts';
import { loadTimeouts, type RunOptions } from './run-options.ts';
import { widestInterval } from './widest-interval.ts';

interface Live {
  readonly options: CompareOptions;
  /** Of `ordeal run`, for clusters that are made as it makes them. */
  readonly making: readonly RunOptions[];
  readonly timeouts: Timeouts;
  readonly runId: string;
  readonly folder: string;
  readonly log: RunLog;
  readonly progress: TerminalProgress;
}

/**
 * Measures the networks that were named, in turns, into one log; whatever happens leaves it there, and no cluster of its
 * own. Returns where, and the exit code that the log deserves. @throws OrdealError USAGE before anything is made.
 */
export async function measureLive(options: CompareOptions): Promise<{ folder: string; exitCode: ExitCode }> {
  const making = makingOf(options);
  const timeouts = await loadTimeouts(options.timeouts);
  const runId = newRunId('compare');
  const folder = resolve(options.out ?? join('ordeal-results', runId));
  const log = openLog(join(folder, 'run.ndjson'));
  const progress = terminalProgress();
  const interrupt = onInterrupt((line) => process.stderr.write(`${line}\n`));
  try {
    const exitCode = await logged({ options, making, timeouts, runId, folder, log, progress }, interrupt.signal);
    return { folder, exitCode };
  } finally {
    interrupt.stop();
  }
}

/** An error is told by the log as well as thrown: what was measured before it still is there. */
async function logged(live: Live, signal: AbortSignal): Promise<ExitCode> {
  const { runId, folder, log, progress, options } = live;
  const argv = redactArgv(process.argv.slice(2));
  const started = performance.now();
  const finish = (exitCode: ExitCode, error?: string) => {
    log.emit({ type: 'run.finished', exitCode, ms: performance.now() - started, error });
    log.close();
    progress.close();
  };
  const about = { runId, argv, imageSource: options.images, ordeal: ordealVersion(packageRoot) };
  log.emit({ type: 'run.started', logVersion, command: 'compare', ...about });
  progress.recordTo(log.emit);
  try {
    await measure(live, signal);
    const deserved = exitCodeFor(await loadRun(folder), { stillOpen: true });
    // No network is judged here: a change that it did not obey in time is a figure that is missing.
    const exitCode = deserved === ExitCode.doesNotConform ? ExitCode.inconclusive : deserved;
    finish(exitCode);
    return exitCode;
  } catch (error) {
    if (exitCodeOf(error) !== ExitCode.usage) progress.note(`what was measured until then: ordeal compare ${folder}`);
    finish(signal.aborted ? ExitCode.interrupted : exitCodeOf(error), explainFailure(error));
    throw error;
  }
}

async function measure(live: Live, signal: AbortSignal): Promise<void> {
  const { options, timeouts, runId, folder, log, progress, making } = live;
  for (const one of options.cni === undefined ? [] : making) await prepareHost(one, progress);
  const subjects = subjectsOf(options, making, { runId, folder, progress, timeouts, signal });
  const rounds = options.rounds ?? roundsFor(subjects.length, options.profile);
  const names = subjects.map(({ name }) => name);
  progress.note(`${rounds} rounds of ${names.join(', ')}, in turns drawn with seed ${options.seed}`);
  const random = seededRandom(options.seed);
  const withCurves = options.curves ?? options.profile === 'full';
  const turns = [
    ...turnsOf(names, rounds, random),
    ...(withCurves ? turnsOf(names, curveRounds, random).map((turn) => ({ ...turn, curves: true as const })) : []),
  ];
  const measures = { metrics: chosen(options.metric), curves: curveMetrics, profile: profiles[options.profile] };
  const frame = {
    ...measures,
    emit: log.emit,
    timeouts,
    signal,
    runId,
    stateDir: folder,
    progress,
    iperfImage: options.iperf3Image,
  };
  const up = await compareNetworks(subjects, turns, { ...frame, isEnough: stopRule(live) });
  if (up === 0) throw new OrdealError('CLUSTER', 'none of the networks came up: there is nothing to compare');
}

/** @throws OrdealError USAGE for a metric that there is none of: nothing has been made yet. */
function chosen(names: readonly string[]): readonly BenchMetric[] {
  const told = (metric: BenchMetric) => [metric, ...(metric.also ?? [])].map(({ name }) => name);
  const known = benchMetrics.flatMap(told);
  const alien = names.filter((name) => !known.includes(name));
  if (alien.length > 0) {
    throw new OrdealError('USAGE', `--metric ${alien.join(', ')}: nothing measures it`, {
      remedy: `Measured: ${known.join(', ')}.`,
    });
  }
  return benchMetrics.filter((metric) => names.length === 0 || told(metric).some((name) => names.includes(name)));
}

function stopRule({ options, folder, progress }: Live): ((roundsDone: number) => Promise<boolean>) | undefined {
  const { precision } = options;
  if (precision === undefined) return undefined;
  return async (roundsDone) => {
    const widest = widestInterval(await loadRun(folder));
    if (widest === undefined || widest.share > precision) return false;
    const known = `the medians of all rates are known to ${(widest.share * 100).toFixed(1)} % (${widest.of})`;
    progress.note(`enough after ${roundsDone} rounds: ${known}`);
    return true;
  };
}
