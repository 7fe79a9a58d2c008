import { resolve } from 'node:path';
import { ExitCode, OrdealError } from '../base/errors.ts';
import { newRunId } from '../base/run-id.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { parseDuration } from '../chaos/duration.ts';
import { type AnyDriver, type Held, holdFault, planned } from '../chaos/run-fault.ts';
import { paramsSchema, readSettings } from '../chaos/settings.ts';
import { resolveTarget, targetParams } from '../chaos/target.ts';
import { describeSeen, parseWatch, type Seen, type Stretch, type Watch, Watchers } from '../chaos/watch.ts';
import { withWatcher } from '../chaos/watcher-pod.ts';
import type { Cluster } from '../cluster/types.ts';
import { type CommandEnd, type CommandRecorder, logCommand } from '../events/command-log.ts';
import type { Fault } from '../fault/types.ts';
import { onKeptCluster, say, toldFaultBench } from './chaos-cluster.ts';
import { loadTimeouts } from './run-options.ts';

export interface ChaosFlags {
  readonly name: string;
  readonly target?: string;
  readonly for?: string;
  readonly set: readonly string[];
  readonly watch: readonly string[];
  readonly allowNamespace: readonly string[];
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly timeouts?: string;
}

/** What is known before the cluster is looked at. */
interface Request {
  readonly driver: AnyDriver;
  readonly flags: ChaosFlags;
  readonly forMs: number;
  readonly settings: Record<string, unknown>;
  readonly watches: readonly Watch[];
  readonly timeouts: Timeouts;
  readonly runId: string;
  readonly folder: string;
}

/** Runs one fault and returns the exit code. @throws OrdealError USAGE for bad input, before anything is touched. */
export async function runChaos(driver: AnyDriver, flags: ChaosFlags): Promise<ExitCode> {
  const timeouts = await loadTimeouts(flags.timeouts);
  const runId = newRunId('chaos');
  const request: Request = {
    ...{ driver, flags, timeouts, runId },
    forMs: parseDuration(flags.for, '--for'),
    settings: readSettings(flags.set, paramsSchema(driver.params)),
    watches: flags.watch.map((text) => parseWatch(text, timeouts)),
    folder: resolve(flags.out ?? `ordeal-results/${runId}`),
  };
  refuseTargetSettings(driver, request.settings);
  return onKeptCluster(flags.name, request, (cluster, signal) => onCluster(cluster, request, signal));
}

function refuseTargetSettings({ targets }: AnyDriver, settings: Record<string, unknown>): void {
  const named = targetParams[targets].find((name) => name in settings);
  if (named !== undefined) throw new OrdealError('USAGE', `--set ${named}: --target says it`);
}

async function onCluster(cluster: Cluster, request: Request, signal: AbortSignal): Promise<ExitCode> {
  const { driver, flags, settings, timeouts, runId, folder, forMs } = request;
  const target = await resolveTarget(cluster.kube, driver.targets, flags.target, { allowed: flags.allowNamespace });
  const { bench, sink } = toldFaultBench(cluster, request);
  // Injecting, and seeing that it acts, come before the time that it is held.
  const deadlineMs = forMs + 2 * timeouts.settleMs;
  const fault = await planned(bench, driver, { ...settings, ...target }, deadlineMs);
  if (flags.dryRun === true) {
    say(
      `would inject: ${fault.title}${fault.way === undefined ? '' : `, by ${fault.way}`}; for ${forMs} ms, the nodes revert by themselves after ${deadlineMs} ms`,
    );
    return ExitCode.conforms;
  }
  const about = { id: `chaos-${driver.name}`, title: fault.title, area: 'chaos' };
  const argv = process.argv.slice(2);
  const exitCode = await logCommand({ command: 'chaos', runId, folder, argv, ...about }, (recorder) => {
    sink.event = recorder.event;
    return held(cluster, request, { fault, recorder, signal });
  });
  say(`report: npx ordeal report ${folder}`);
  return signal.aborted ? ExitCode.interrupted : exitCode;
}

interface Injection {
  readonly fault: Fault;
  readonly recorder: CommandRecorder;
  readonly signal: AbortSignal;
}

async function held(cluster: Cluster, request: Request, injection: Injection): Promise<CommandEnd> {
  const { fault, recorder, signal } = injection;
  const { forMs, watches, timeouts, runId } = request;
  if (watches.length === 0) return ended(recorder, await holdFault(fault, { forMs, signal }));
  return withWatcher(cluster, { runId, timeouts, signal }, async (agent) => {
    const watchers = await Watchers.start(agent, watches, timeouts.sampleMs);
    await watchers.quietFor(forMs / 2, signal);
    const hold = await holdFault(fault, { forMs, signal }, () => watchers.now()).catch(async (error: unknown) => {
      await watchers.stop({ injected: 0, reverted: 0 });
      throw error;
    });
    await watchers.quietFor(forMs / 2, signal);
    tell(recorder, await watchers.stop({ injected: hold.injectedMs, reverted: hold.revertedMs }));
    return ended(recorder, hold);
  });
}

function ended(recorder: CommandRecorder, { result, revertTookMs }: Held): CommandEnd {
  recorder.measure('fault.revert_time', revertTookMs, 'ms');
  if (result?.observed !== undefined) recorder.measure('fault.effect_time', result.observed.ms, 'ms');
  const estimate = result?.observed?.estimate;
  if (estimate !== undefined) say(`measured: ${result?.observed?.seen ?? ''}`);
  if (result?.outcome === 'effective' && result.doubt === undefined) return { outcome: 'passed' };
  return { outcome: 'inconclusive', reason: result?.doubt ?? 'nobody could measure that it acted' };
}

function tell(recorder: CommandRecorder, seen: ReadonlyMap<string, Record<Stretch, Seen>>): void {
  for (const [probe, stretches] of seen) {
    for (const stretch of ['before', 'during', 'after'] as const) {
      const one = stretches[stretch];
      process.stdout.write(`${probe} ${stretch}: ${describeSeen(one)}\n`);
      recorder.measure('watch.failed', one.failures, 'count', { probe, stretch });
      recorder.measure('watch.sent', one.attempts, 'count', { probe, stretch });
      recorder.measure('downtime.longest', one.longestMs, 'ms', { probe, stretch });
      if (!Number.isNaN(one.p99Ms)) recorder.measure('watch.p99', one.p99Ms, 'ms', { probe, stretch });
    }
  }
}
