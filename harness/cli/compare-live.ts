import { join, resolve } from 'node:path';
import { compareNetworks, type Subject } from '../bench/compare-networks.ts';
import { benchMetrics } from '../bench/metrics/index.ts';
import { profiles, roundsFor } from '../bench/profile.ts';
import { distinctNames, turnsOf } from '../bench/rounds.ts';
import { exitCodeOf, ExitCode, OrdealError } from '../base/errors.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { projectRoot } from '../base/paths.ts';
import { type TerminalProgress, terminalProgress } from '../base/progress-terminal.ts';
import { newRunId } from '../base/run-id.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { ordealVersion } from '../base/version.ts';
import { provideKept, provideKind } from '../cluster/provide.ts';
import type { RunFrame } from '../cluster/provider.ts';
import { exitCodeFor } from '../events/exit-code.ts';
import { loadRun } from '../events/reader.ts';
import { redactArgv } from '../events/redact.ts';
import { logVersion } from '../events/types.ts';
import { openLog, type RunLog } from '../events/writer.ts';
import { seededRandom } from '../measure/random.ts';
import type { CompareOptions } from './compare-options.ts';
import { prepareHost } from './doctor.ts';
import { explainFailure } from './explain-failure.ts';
import { loadTimeouts, parseRunOptions, type RunOptions } from './run-options.ts';

interface Live {
  readonly options: CompareOptions;
  /** Of `ordeal run`, for clusters that are made as it makes them. */
  readonly making: RunOptions;
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
  const { cni, workers, images, registry, fix, install } = options;
  const making = parseRunOptions({ ...(cni === undefined ? {} : { cni }), workers, images, registry, fix, install });
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
  const { runId, folder, log, progress, making } = live;
  const argv = redactArgv(process.argv.slice(2));
  const started = performance.now();
  const finish = (exitCode: ExitCode, error?: string) => {
    log.emit({ type: 'run.finished', exitCode, ms: performance.now() - started, error });
    log.close();
    progress.close();
  };
  const about = { runId, argv, imageSource: making.images, ordeal: ordealVersion(projectRoot) };
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
    finish(signal.aborted ? ExitCode.interrupted : exitCodeOf(error), explainFailure(error));
    throw error;
  }
}

async function measure(live: Live, signal: AbortSignal): Promise<void> {
  const { options, timeouts, runId, log, progress, making } = live;
  if (options.cni !== undefined) await prepareHost(making, progress);
  const subjects = subjectsOf(live, signal);
  const rounds = options.rounds ?? roundsFor(subjects.length);
  const names = subjects.map(({ name }) => name);
  progress.note(`${rounds} rounds of ${names.join(', ')}, in turns drawn with seed ${options.seed}`);
  const turns = turnsOf(names, rounds, seededRandom(options.seed));
  const frame = { metrics: benchMetrics, profile: profiles[options.profile], emit: log.emit, timeouts, signal };
  const up = await compareNetworks(subjects, turns, { ...frame, runId, progress });
  if (up === 0) throw new OrdealError('CLUSTER', 'none of the networks came up: there is nothing to compare');
}

function subjectsOf({ options, making, timeouts, runId, folder, progress }: Live, signal: AbortSignal): Subject[] {
  const { workers, zones, images, registry, mesh } = making;
  const cnis = options.cni === undefined ? [] : making.cni;
  const names = distinctNames([...cnis, ...options.cluster]);
  const frameOf = (name: string): RunFrame => {
    return { runId, folder: join(folder, name), progress, timeouts, signal, collectLogs: 'system' };
  };
  const made = cnis.map((cni, index): Subject => {
    const name = names[index] ?? cni;
    const spec = { cni, mesh, workers, zones, images, registry, name: `ordeal-${runId.slice(-6)}-${index}` };
    return { name, given: false, provide: () => provideKind(spec, frameOf(name)) };
  });
  const kept = options.cluster.map((cluster, index): Subject => {
    const name = names[cnis.length + index] ?? cluster;
    return { name, given: true, provide: () => provideKept(cluster, frameOf(name)) };
  });
  return [...made, ...kept];
}
