import type { Command } from 'commander';
import { ExitCode, OrdealError } from '../base/errors.ts';
import type { Attempt, Cell, World } from '../oracle/types.ts';
import { collect } from './flags.ts';
import { loadWorld, withWorldFlags, type WorldFlags } from './world-source.ts';

interface MatrixFlags extends WorldFlags {
  readonly namespace: string[];
  readonly port: string[];
  readonly services?: boolean;
  readonly measure?: boolean;
  readonly json?: boolean;
}

type Write = (text: string) => void;

/** Adds `ordeal matrix`: the expected table of a world; with `--measure` beside what the cluster really does. */
export function registerMatrix(program: Command, write: Write = (text) => process.stdout.write(text)): void {
  withWorldFlags(program.command('matrix'))
    .description('print which pod may reach which; with --measure, what a live cluster does instead')
    .option('--namespace <name>', 'only pods of this namespace; may repeat', collect, [])
    .option(
      '--port <port>',
      'PORT[/tcp|udp|sctp] to ask about (default: the ports pods declare); may repeat',
      collect,
      [],
    )
    .option('--services', 'reach Services instead of pods')
    .option('--measure', "probe between Ordeal's pods in the cluster and print the difference; exit 1 if there is one")
    .option('--json', 'machine-readable')
    .action(async (flags: MatrixFlags) => {
      const { text, exitCode } = flags.measure === true ? await measured(flags) : await expected(flags);
      write(text);
      process.exitCode = exitCode;
    });
}

interface Told {
  readonly text: string;
  readonly exitCode: number;
}

async function expected(flags: MatrixFlags): Promise<Told> {
  const [{ truthTable }, { expectedText }] = await Promise.all([
    import('../oracle/judge.ts'),
    import('../table/compare-tables.ts'),
  ]);
  const world = await loadWorld(flags);
  const { cells } = truthTable(world, await attemptsOf(world, flags));
  return { text: flags.json === true ? json(cells) : expectedText(cells), exitCode: ExitCode.conforms };
}

async function attemptsOf(world: World, flags: MatrixFlags, pods?: ReadonlySet<string>): Promise<Attempt[]> {
  const [{ chooseAttempts }, { parseWire }] = await Promise.all([
    import('../oracle/choose-attempts.ts'),
    import('../oracle/ends.ts'),
  ]);
  const wires = flags.port.map(parseWire);
  return chooseAttempts(world, { namespaces: flags.namespace, wires, services: flags.services, pods });
}

const json = (rows: readonly (Cell & { measured?: string })[]) => `${JSON.stringify(rows, undefined, 2)}\n`;

async function measured(flags: MatrixFlags): Promise<Told> {
  if (flags.kubeconfig === undefined) throw new OrdealError('USAGE', '--measure needs --kubeconfig');
  const [{ loadWorldFromCluster }, { connect }, { withProbePods }, { truthTable }, compare, measure] =
    await Promise.all([
      import('../oracle/load-world.ts'),
      import('../kube/connect.ts'),
      import('./probe-pods.ts'),
      import('../oracle/judge.ts'),
      import('../table/compare-tables.ts'),
      import('../table/measure-attempts.ts'),
    ]);
  const { timeoutsInForce } = await import('../base/timeouts.ts');
  const kube = await connect(flags.kubeconfig, flags.context);
  try {
    const world = await loadWorldFromCluster(kube);
    return await withProbePods(kube, async (agents) => {
      const attempts = await attemptsOf(world, flags, new Set(agents.keys()));
      const { cells } = truthTable(world, attempts);
      const { policyConnectMs } = timeoutsInForce();
      const comparison = compare.compareTables(
        cells,
        await measure.measureAttempts(world, agents, attempts, { timeoutMs: policyConnectMs }),
      );
      const rows = comparison.cells.map((it) => ({ ...it.cell, measured: it.measured }));
      const text = flags.json === true ? json(rows) : compare.comparisonText(comparison);
      return { text, exitCode: exitCodeOf(comparison.differing.length, comparison.inconclusive.length) };
    });
  } finally {
    await kube.close();
  }
}

function exitCodeOf(differing: number, inconclusive: number): number {
  if (differing > 0) return ExitCode.doesNotConform;
  return inconclusive > 0 ? ExitCode.inconclusive : ExitCode.conforms;
}
