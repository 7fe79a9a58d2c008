import type { Command } from 'commander';
import { ExitCode, OrdealError } from '../base/errors.ts';
import type { AttemptChoice } from '../oracle/choose-attempts.ts';
import type { Cell } from '../oracle/types.ts';
import { collect } from './flags.ts';
import { ofMatrix, refuseInapplicable } from './inapplicable.ts';
import { toStderr, toStdout, type Write } from './output.ts';
import { describeLoaded, loadModel, withModelFlags, type ModelFlags } from './model-source.ts';

interface MatrixFlags extends ModelFlags {
  readonly namespace: string[];
  readonly port: string[];
  readonly services?: boolean;
  readonly measure?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/**
 * Adds `ordeal matrix`: the expected table of a model; with `--measure` beside what the cluster really does. Exits 4
 * when something in the files had to be left out.
 */
export function registerMatrix(program: Command, write: Write = toStdout, warn: Write = toStderr): void {
  withModelFlags(program.command('matrix'))
    .description('print which pod may reach which; with --measure, what a live cluster does instead')
    .option(
      '--namespace <name>',
      'only pods of this namespace; may repeat; given once, it is also that of objects which name none',
      collect,
      [],
    )
    .option(
      '--port <port>',
      'PORT[/tcp|udp|sctp] to ask about (default: the ports pods declare); may repeat',
      collect,
      [],
    )
    .option('--services', 'reach Services instead of pods')
    .option('--measure', "probe between Ordeal's pods in the cluster and print the difference; exit 1 if there is one")
    .option('--out <folder>', 'with --measure: where the log goes (default ordeal-results/<run id>)')
    .option('--json', 'machine-readable')
    .action(async (flags: MatrixFlags) => {
      refuseInapplicable({ ...flags }, ofMatrix);
      process.exitCode =
        flags.measure === true ? await measured(flags, write, warn) : await expected(flags, write, warn);
    });
}

async function expected(flags: MatrixFlags, write: Write, warn: Write): Promise<number> {
  const [{ oracleOf }, { chooseQuestions }, { expectedJson, expectedLines }] = await Promise.all([
    import('../oracle/judge.ts'),
    import('../oracle/choose-attempts.ts'),
    import('../table/expected-text.ts'),
  ]);
  const [only, ...more] = flags.namespace;
  const { model, ...loaded } = await loadModel(flags, more.length === 0 ? only : undefined);
  await warn(describeLoaded(loaded));
  const questions = chooseQuestions(model, await choiceOf(flags));
  const oracle = oracleOf(model);
  if (flags.json === true) for (const part of expectedJson(oracle, questions)) await write(part);
  else for (const line of expectedLines(oracle, questions)) await write(`${line}\n`);
  return loaded.faults.length > 0 ? ExitCode.inconclusive : ExitCode.conforms;
}

async function choiceOf(flags: MatrixFlags): Promise<AttemptChoice> {
  const { parseWire } = await import('../oracle/ends.ts');
  return { namespaces: flags.namespace, wires: flags.port.map(parseWire), services: flags.services };
}

const json = (rows: readonly (Cell & { measured?: string })[]) => `${JSON.stringify(rows, undefined, 2)}\n`;

async function measured(flags: MatrixFlags, write: Write, warn: Write): Promise<number> {
  if (flags.kubeconfig === undefined) throw new OrdealError('USAGE', '--measure needs --kubeconfig');
  const [
    { loadModelFromCluster },
    { connect },
    { withProbePods },
    { truthTable },
    { chooseAttempts },
    compare,
    measure,
    logged,
  ] = await Promise.all([
    import('../oracle/load-cluster-model.ts'),
    import('../kube/connect.ts'),
    import('./probe-pods.ts'),
    import('../oracle/judge.ts'),
    import('../oracle/choose-attempts.ts'),
    import('../table/compare-tables.ts'),
    import('../table/measure-attempts.ts'),
    import('./logged-matrix.ts'),
  ]);
  const { timeoutsInForce } = await import('../base/timeouts.ts');
  const kube = await connect(flags.kubeconfig, flags.context);
  try {
    const { model } = await loadModelFromCluster(kube);
    return await withProbePods(kube, async (agents) => {
      const attempts = chooseAttempts(model, { ...(await choiceOf(flags)), pods: new Set(agents.keys()) });
      const { cells } = truthTable(model, attempts);
      const { policyConnectMs } = timeoutsInForce();
      const comparison = compare.compareTables(
        cells,
        await measure.measureAttempts(model, agents, attempts, { timeoutMs: policyConnectMs }),
      );
      const rows = comparison.cells.map((it) => ({ ...it.cell, measured: it.measured }));
      // The log first: the table's reader may leave before its end.
      const exitCode = await logged.logMatrix(comparison, flags.out, warn);
      await write(flags.json === true ? json(rows) : compare.comparisonText(comparison));
      return exitCode;
    });
  } finally {
    await kube.close();
  }
}
