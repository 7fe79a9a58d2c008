import { resolve } from 'node:path';
import { ExitCode } from '../base/errors.ts';
import { onInterrupt } from '../base/interrupt.ts';
import type { Progress } from '../base/progress.ts';
import { newRunId } from '../base/run-id.ts';
import { parseWatch } from '../chaos/watch.ts';
import type { ProvidedCluster } from '../cluster/provider.ts';
import { holdRunLease } from '../cluster/run-lease.ts';
import { type CommandEnd, type CommandRecorder, logCommand } from '../events/command-log.ts';
import { loadRun } from '../events/reader.ts';
import { connect } from '../kube/connect.ts';
import { allBudgets, type BudgetFile, readBudgets } from '../upgrade/budget.ts';
import { judge, type Judgement } from '../upgrade/judge.ts';
import {
  type Act,
  type Sampled,
  sampleUpgrade,
  type UpgradeOptions as SamplingOptions,
} from '../upgrade/run-upgrade.ts';
import { tellPaths } from '../upgrade/tell-paths.ts';
import { loadTimeouts } from './run-options.ts';
import { agreed, checked, found, type UpgradeRequest } from './upgrade-before.ts';
import { actOf, withCluster } from './upgrade-cluster.ts';
import { changesBetween, type Conformance, conformance } from './upgrade-conformance.ts';
import { parseUpgradeOptions, type UpgradeFlags, type UpgradeOptions } from './upgrade-options.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Every path must be well for this long before an upgrade counts as over. */
const steadyMs = 15_000;

/** Judges an upgrade and returns the exit code. @throws OrdealError USAGE for bad input, before anything is touched. */
export async function runUpgrade(argv: readonly string[], flags: UpgradeFlags): Promise<ExitCode> {
  const options = parseUpgradeOptions(argv, flags);
  const interrupt = onInterrupt(say);
  try {
    const request = await requestOf('upgrade', options, interrupt.signal);
    const exitCode = await logged(request);
    await renderReports(request.folder);
    return interrupt.signal.aborted ? ExitCode.interrupted : exitCode;
  } finally {
    interrupt.stop();
  }
}

/** Reads the files that the flags name. @throws OrdealError USAGE naming file and field. */
export async function requestOf(
  command: 'upgrade' | 'watch',
  options: UpgradeOptions,
  signal: AbortSignal,
): Promise<UpgradeRequest> {
  const { kubeconfig, context } = options;
  const timeouts = await loadTimeouts(options.timeouts);
  // What a kubeconfig says of itself is known before anything is written.
  if (kubeconfig !== undefined) await (await connect(kubeconfig, context)).close();
  const budgets = await readBudgets(options.budget);
  const watches = options.path.map((text) => parseWatch(text, timeouts));
  const runId = newRunId(command);
  return {
    options,
    timeouts,
    budgets,
    watches,
    runId,
    folder: resolve(options.out ?? `ordeal-results/${runId}`),
    signal,
  };
}

function logged(request: UpgradeRequest): Promise<ExitCode> {
  const { runId, folder, options } = request;
  const about = { id: 'upgrade', title: titleOf(options), area: 'upgrade', argv: process.argv.slice(2) };
  return logCommand({ command: 'upgrade', runId, folder, ...about }, (recorder) =>
    withCluster(request, recorder.event, async (provided, progress) => {
      const isOnlyLook = options.happening.kind === 'nothing';
      if (!isOnlyLook) await agreed(provided, request);
      return isOnlyLook ? checked(provided, request, recorder) : upgraded(provided, progress, request, recorder);
    }),
  );
}

function titleOf({ happening }: UpgradeOptions): string {
  switch (happening.kind) {
    case 'command':
      return `Upgrade by ${happening.argv.join(' ')}`;
    case 'time':
      return `Upgrade within ${happening.ms / 1_000} s`;
    case 'enter':
      return 'Upgrade until Enter was pressed';
    case 'until stopped':
      return 'Watched until stopped';
    case 'nothing':
      return 'Before an upgrade';
  }
}

async function upgraded(
  provided: ProvidedCluster,
  progress: Progress,
  request: UpgradeRequest,
  recorder: CommandRecorder,
): Promise<CommandEnd> {
  await progress.step('look for what an upgrade stumbles over', () => found(provided.cluster.kube, request, recorder));
  const act = actOf(request, say);
  const before = await judged('before', provided, request, recorder);
  const sampled = await sampling(provided, progress, request, recorder, { act });
  const after = await judged('after', provided, request, recorder);
  return concluded(request.budgets, recorder, sampled, [before, after]);
}

/** Samples every path while `act` is done, under a Lease where the cluster is somebody's: `ordeal clean` goes by it. */
export async function sampling(
  { cluster }: ProvidedCluster,
  progress: Progress,
  { options, timeouts, budgets, watches, runId, signal }: UpgradeRequest,
  recorder: CommandRecorder,
  { act, ...more }: { readonly act: Act } & Pick<SamplingOptions, 'attend'>,
): Promise<Sampled> {
  const session = { cluster, runId, timeouts, progress, signal, rhythm: budgets.rhythm, mostNodes: options.nodes };
  const settling = { beforeMs: options.beforeMs, steadyMs, settleMostMs: 2 * timeouts.nodesReadyMs };
  const lease = options.kubeconfig === undefined ? undefined : await holdRunLease(cluster.kube, runId);
  try {
    return await sampleUpgrade({ ...session, ...settling, own: watches, say, ...more }, recorder, act);
  } finally {
    await lease?.release();
  }
}

async function judged(
  when: 'before' | 'after',
  { cluster, kubeconfig }: ProvidedCluster,
  { options, folder, signal }: UpgradeRequest,
  recorder: CommandRecorder,
): Promise<Conformance> {
  if (!options.conformance || signal.aborted) return { run: undefined, trouble: undefined };
  const { context, suite, timeouts } = options;
  const subject = { kubeconfig, context, agentImage: cluster.agentImage, suite, timeouts };
  return recorder.phase(`conformance.${when}`, `conformance ${when} the upgrade`, () =>
    conformance(when, subject, folder, signal),
  );
}

/** Judges what was sampled, and logs the verdict. */
export function concluded(
  budgets: BudgetFile,
  recorder: CommandRecorder,
  { outcomes, actFailed }: Sampled,
  [before, after]: readonly [Conformance, Conformance],
): CommandEnd {
  const changes =
    before.run === undefined || after.run === undefined ? undefined : changesBetween(before.run, after.run);
  const unjudged = [before.trouble, after.trouble].filter((trouble) => trouble !== undefined);
  const judgement = judge(outcomes, budgets, { commandFailed: actFailed, worse: changes?.worse ?? [], unjudged });
  tellPaths(outcomes, judgement, recorder);
  const { verdict, reasons } = judgement;
  recorder.event({
    ...{ type: 'upgrade.verdict', verdict, reasons: [...reasons], budgets: allBudgets(budgets) },
    ...(changes === undefined ? {} : { conformance: changes }),
  });
  return {
    outcome: outcomeOf(judgement),
    ...(verdict === 'safe' ? {} : { reason: `${verdict}: ${reasons.join('; ')}` }),
  };
}

function outcomeOf({ verdict }: Judgement): CommandEnd['outcome'] {
  if (verdict === 'unsafe') return 'failed';
  return verdict === 'inconclusive' ? 'inconclusive' : 'passed';
}

/** Writes every report into the folder of the run, and says the verdict. */
export async function renderReports(folder: string): Promise<void> {
  const [{ renderUpgrade }, { upgradeText }, { paintFor }] = await Promise.all([
    import('../../reports/upgrade/formats.ts'),
    import('../../reports/upgrade/terminal.ts'),
    import('../../reports/paint.ts'),
  ]);
  const run = await loadRun(folder);
  const files = await renderUpgrade(run, folder);
  process.stdout.write(upgradeText(run, paintFor(process.stdout)));
  say(`reports: ${files.join(', ')}`);
}
