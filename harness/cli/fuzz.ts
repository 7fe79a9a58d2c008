import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { ExitCode, OrdealError } from '../base/errors.ts';
import type { CommandEnd, CommandRecorder } from '../events/command-log.ts';
import type { Exclusion } from '../fuzz/fuzz.ts';
import type { LiveGrid } from '../fuzz/live-grid.ts';
import type { FuzzCase } from '../fuzz/types.ts';
import { collect } from './flags.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { newRunId } from '../base/run-id.ts';
import { loadTimeouts } from './run-options.ts';

interface FuzzFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly agentImage: string;
  readonly seed: number;
  readonly worlds: number;
  readonly without: string[];
  readonly replay?: string;
  readonly out: string;
  readonly timeouts?: string;
}

type Write = (text: string) => void;

/** Adds `ordeal fuzz networkpolicy`: random policies on a live cluster against the oracle, shrunk and saved. */
export function registerFuzz(program: Command, write: Write = (text) => process.stdout.write(text)): void {
  program
    .command('fuzz')
    .description('draw random worlds and look for a disagreement between oracle and cluster')
    .command('networkpolicy')
    .description('random NetworkPolicies over a 3x3 grid of probe pods; exit 1 and a replayable case on disagreement')
    .option('--kubeconfig <file>', 'the cluster to fuzz')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--agent-image <ref>', 'a Node.js >= 22 image the cluster can pull', 'docker.io/library/node:22-slim')
    .option('--seed <n>', 'the same seed draws the same worlds', wholeNumber, Date.now() % 1_000_000)
    .option('--worlds <n>', 'how many to draw', wholeNumber, 100)
    .option('--without <part>', 'leave out ipblock, named-port, sctp, udp, unlisted-section; may repeat', collect, [])
    .option('--replay <file>', 'measure a saved case again instead of drawing')
    .option('--out <folder>', 'where a found case is saved', 'ordeal-results/fuzz')
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts')
    .action(async (flags: FuzzFlags) => {
      process.exitCode = await fuzz(flags, write);
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
  return value;
}

async function fuzz(flags: FuzzFlags, write: Write): Promise<number> {
  const { exclusions } = await import('../fuzz/fuzz.ts');
  const without = exclusions.filter((it) => flags.without.includes(it));
  const strange = flags.without.filter((it) => !exclusions.some((known) => known === it));
  if (strange.length > 0) {
    throw new OrdealError('USAGE', `--without ${strange.join(', ')} is not one of ${exclusions.join(', ')}`);
  }
  if (flags.kubeconfig === undefined) {
    const remedy = 'A cluster left by `ordeal run --keep` will do.';
    throw new OrdealError('USAGE', 'fuzzing needs a cluster: give --kubeconfig FILE', { remedy });
  }
  const { loadCase } = await import('../fuzz/case-file.ts');
  const replay = flags.replay === undefined ? undefined : await loadCase(flags.replay);
  return onCluster(flags, flags.kubeconfig, (grid, signal) =>
    logged(flags, (recorder) => {
      const narrator = { recorder, write };
      return replay === undefined
        ? search(flags, without, grid, signal, narrator)
        : measureAgain(replay, grid, narrator);
    }),
  );
}

interface Narrator {
  readonly recorder: CommandRecorder;
  readonly write: Write;
}

/** The log goes into a folder of its own beside the saved cases; `ordeal report` renders it. */
async function logged(flags: FuzzFlags, work: (recorder: CommandRecorder) => Promise<CommandEnd>): Promise<number> {
  const { logCommand } = await import('../events/command-log.ts');
  const runId = newRunId('fuzz');
  const folder = join(flags.out, runId);
  const title = 'Random NetworkPolicies do what the oracle says';
  const variant = flags.replay === undefined ? `seed ${flags.seed}` : `replay of ${flags.replay}`;
  const about = { id: 'fuzz-networkpolicy', variant, title, area: 'networkpolicy' };
  const exitCode = await logCommand({ command: 'fuzz', runId, folder, argv: process.argv.slice(2), ...about }, work);
  say(`report: npx ordeal report ${folder}`);
  return exitCode;
}

async function onCluster(
  flags: FuzzFlags,
  kubeconfig: string,
  work: (grid: LiveGrid, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const [{ connect }, { holdRunLease }, { openLiveGrid }] = await Promise.all([
    import('../kube/connect.ts'),
    import('../cluster/run-lease.ts'),
    import('../fuzz/live-grid.ts'),
  ]);
  const timeouts = await loadTimeouts(flags.timeouts);
  const kube = await connect(kubeconfig, flags.context);
  const interrupt = onInterrupt(say);
  const { signal } = interrupt;
  try {
    say('starting a 3x3 grid of probe pods');
    const runId = newRunId('fuzz');
    const lease = await holdRunLease(kube, runId);
    try {
      const grid = await openLiveGrid({ kube, agentImage: flags.agentImage, runId, timeouts, signal });
      try {
        return await work(grid, signal);
      } finally {
        say('removing the grid');
        await grid.close();
      }
    } finally {
      await lease.release();
    }
  } catch (error) {
    if (signal.aborted) return ExitCode.interrupted;
    throw error;
  } finally {
    await kube.close();
    interrupt.stop();
  }
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function search(
  flags: FuzzFlags,
  without: readonly Exclusion[],
  grid: LiveGrid,
  signal: AbortSignal,
  { recorder, write }: Narrator,
): Promise<CommandEnd> {
  const [{ fuzzNetworkPolicy }, { counterexampleText, outcomeText }, { caseOf, saveCase }, { rowsOfComparison }] =
    await Promise.all([
      import('../fuzz/fuzz.ts'),
      import('../fuzz/report.ts'),
      import('../fuzz/case-file.ts'),
      import('../table/comparison-rows.ts'),
    ]);
  const { base, measure } = grid;
  const { seed, worlds } = flags;
  say(`seed ${seed}`);
  const outcome = await recorder.phase('search', `draw ${worlds} worlds`, () =>
    fuzzNetworkPolicy({ base, measure, seed, worlds, without, signal, say }),
  );
  recorder.measure('fuzz.worlds', outcome.worlds, 'count');
  recorder.measure('fuzz.cells', outcome.cells, 'count');
  write(outcomeText(outcome, seed));
  if (outcome.counterexample !== undefined) {
    const found = caseOf(outcome.counterexample, base, seed);
    const file = join(flags.out, `${found.metadata.name}.yaml`);
    await saveCase(file, found);
    write(counterexampleText(outcome.counterexample, file));
    recorder.table(
      `world ${outcome.counterexample.world}, shrunk`,
      rowsOfComparison(outcome.counterexample.comparison),
    );
    recorder.attach('policies', JSON.stringify(outcome.counterexample.policies, undefined, 2), 'application/json');
    return { outcome: 'failed', reason: `${outcomeText(outcome, seed).trimEnd()}; replay: ${file}` };
  }
  if (outcome.inconclusive === 0) return { outcome: 'passed' };
  return { outcome: 'inconclusive', reason: `${outcome.inconclusive} of ${outcome.cells} cells could not be measured` };
}

async function measureAgain(replay: FuzzCase, grid: LiveGrid, { recorder, write }: Narrator): Promise<CommandEnd> {
  const [{ compareWorld }, { policiesFor }, { comparisonText }, { endOfComparison, rowsOfComparison }] =
    await Promise.all([
      import('../fuzz/fuzz.ts'),
      import('../fuzz/case-file.ts'),
      import('../table/compare-tables.ts'),
      import('../table/comparison-rows.ts'),
    ]);
  const comparison = await compareWorld(grid, policiesFor(grid.base, replay), 'search');
  write(comparisonText(comparison));
  recorder.table('measured again', rowsOfComparison(comparison));
  return endOfComparison(comparison);
}
