import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExitCode } from '../base/errors.ts';
import { newRunId } from '../base/run-id.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { parseDuration } from '../chaos/duration.ts';
import { type Judged, judgeHypothesis, type Marks, type Samples } from '../chaos/hypotheses.ts';
import { driverOf, type Injected, injectAll, rehearse, type ScenarioHost } from '../chaos/run-scenario.ts';
import { type Hypothesis, readScenario, type Scenario } from '../chaos/scenario.ts';
import { scheduleOf, type Step } from '../chaos/schedule.ts';
import { paramsSchema, readSettings } from '../chaos/settings.ts';
import { describeSeen, parseWatch, seenIn, type Watch, Watchers } from '../chaos/watch.ts';
import { withWatcher } from '../chaos/watcher-pod.ts';
import type { Cluster } from '../cluster/types.ts';
import { type CommandEnd, type CommandRecorder, logCommand } from '../events/command-log.ts';
import { onKeptCluster, say, toldFaultBench } from './chaos-cluster.ts';
import type { ChaosFlags } from './chaos-run.ts';
import { loadTimeouts } from './run-options.ts';

export type ScenarioFlags = Pick<ChaosFlags, 'name' | 'allowNamespace' | 'dryRun' | 'out' | 'timeouts'>;

interface Request {
  readonly scenario: Scenario;
  readonly steps: readonly Step[];
  readonly watches: readonly Watch[];
  readonly flags: ScenarioFlags;
  readonly timeouts: Timeouts;
  readonly runId: string;
  readonly folder: string;
}

/** Runs a scenario file on a kept cluster; returns the exit code. @throws OrdealError USAGE before anything is touched. */
export async function runScenario(file: string, flags: ScenarioFlags): Promise<ExitCode> {
  const scenario = await readScenario(file);
  const timeouts = await loadTimeouts(flags.timeouts);
  const steps = scheduleOf(scenario);
  for (const { fault } of steps) {
    readSettings(
      Object.keys(fault.set).map((name) => `${name}=x`),
      paramsSchema(driverOf(fault).params),
    );
  }
  const runId = newRunId('chaos');
  const watches = Object.entries(scenario.watch).map(([name, text]) => ({ ...parseWatch(text, timeouts), text: name }));
  const folder = resolve(flags.out ?? `ordeal-results/${runId}`);
  const request: Request = { scenario, steps, watches, flags, timeouts, runId, folder };
  return onKeptCluster(flags.name, request, (cluster, signal) => onCluster(cluster, request, signal));
}

async function onCluster(cluster: Cluster, request: Request, signal: AbortSignal): Promise<ExitCode> {
  const { scenario, steps, flags, timeouts, runId, folder } = request;
  const { bench, sink } = toldFaultBench(cluster, request);
  const { settleMs } = timeouts;
  const host = {
    kube: cluster.kube,
    bench,
    allowed: flags.allowNamespace,
    settleMs,
    signal,
    now: () => performance.now(),
  };
  const lines = await rehearse(steps, scenario, host);
  if (flags.dryRun === true) {
    for (const line of lines) process.stdout.write(`${line}\n`);
    return ExitCode.conforms;
  }
  const about = { id: `chaos-${scenario.name}`, title: scenario.description ?? scenario.name, area: 'chaos' };
  const argv = process.argv.slice(2);
  const exitCode = await logCommand({ command: 'chaos', runId, folder, argv, ...about }, async (recorder) => {
    sink.event = recorder.event;
    return withWatcher(cluster, { runId, timeouts, signal }, async (agent) => {
      const traffic = await Watchers.start(agent, request.watches, timeouts.sampleMs);
      return carryOut({ request, host: { ...host, now: () => traffic.now() }, traffic, recorder, signal });
    });
  });
  await renderInto(folder);
  say(`report: npx ordeal report ${folder}`);
  return signal.aborted ? ExitCode.interrupted : exitCode;
}

interface Carried {
  readonly request: Request;
  readonly host: ScenarioHost;
  readonly traffic: Watchers;
  readonly recorder: CommandRecorder;
  readonly signal: AbortSignal;
}

async function carryOut({ request, host, traffic, recorder, signal }: Carried): Promise<CommandEnd> {
  const { scenario, steps, folder } = request;
  await traffic.quietFor(parseDuration(scenario.steadyState.for, 'steadyState.for'), signal);
  const began = host.now();
  const steady = judge(scenario.steadyState.hypotheses, await traffic.soFar(), { injected: began, reverted: began });
  const unsteady = steady.find(({ outcome }) => outcome !== 'passed');
  if (unsteady !== undefined) {
    await traffic.samples();
    const reason = `no steady state, nothing was injected: ${unsteady.claim}: ${unsteady.seen}`;
    return { outcome: 'inconclusive', reason };
  }
  const injected = await injectAll(steps, scenario, host).catch(async (error: unknown) => {
    await traffic.samples();
    throw error;
  });
  const marks = { injected: injected[0]?.injectedMs ?? began, reverted: Math.max(...injected.map(endOf)) };
  await traffic.quietFor(parseDuration(scenario.cooldown, 'cooldown'), signal);
  const samples = await traffic.samples();
  const judged = judge(scenario.hypotheses, samples, marks);
  tellTraffic(samples, marks);
  for (const [index, one] of judged.entries()) tellHypothesis(recorder, `chaos-${scenario.name}-${index + 1}`, one);
  await writeFile(
    join(folder, 'scenario.json'),
    `${JSON.stringify({ scenario, marks, injected, steady, judged }, undefined, 2)}\n`,
  );
  return conclusion(injected, judged);
}

const endOf = ({ revertedMs, revertTookMs }: Injected) => revertedMs + revertTookMs;

function judge(hypotheses: readonly Hypothesis[], samples: Samples, marks: Marks): Judged[] {
  return hypotheses.map((one) => judgeHypothesis(one, samples, marks));
}

function tellTraffic(samples: Samples, { injected, reverted }: Marks): void {
  for (const [name, all] of samples) {
    const between = (from: number, to: number) => seenIn(all.filter(({ atMs }) => atMs >= from && atMs < to));
    process.stdout.write(`${name} before: ${describeSeen(between(0, injected))}\n`);
    process.stdout.write(`${name} during: ${describeSeen(between(injected, reverted))}\n`);
    process.stdout.write(`${name} after: ${describeSeen(between(reverted, Infinity))}\n`);
  }
}

/** Each is a case of the log, so that JUnit and Allure list it. */
function tellHypothesis({ event }: CommandRecorder, id: string, { claim, outcome, seen }: Judged): void {
  process.stdout.write(`${outcome}: ${claim}: ${seen}\n`);
  const planned = { title: claim, area: 'chaos', tags: ['hypothesis'], needs: [] };
  event({ type: 'case.planned', id, ...planned, tier: 'core' });
  event({ type: 'case.started', id });
  event({ type: 'case.finished', id, outcome, baseline: 'as-expected', reason: `${claim}: ${seen}`, ms: 0 });
}

function conclusion(injected: readonly Injected[], judged: readonly Judged[]): CommandEnd {
  const odd = injected.find(({ result }) => result?.outcome !== 'effective' || result.doubt !== undefined);
  if (odd !== undefined) {
    return { outcome: 'inconclusive', reason: odd.result?.doubt ?? `${odd.title}: nobody could measure that it acted` };
  }
  const failed = judged.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return { outcome: 'passed' };
  return { outcome: 'failed', reason: failed.map(({ claim, seen }) => `${claim}: ${seen}`).join('; ') };
}

async function renderInto(folder: string): Promise<void> {
  const [{ loadRun }, { render }] = await Promise.all([
    import('../events/reader.ts'),
    import('../../reports/formats.ts'),
  ]);
  await render(await loadRun(folder), folder, ['junit', 'html', 'allure']);
}
