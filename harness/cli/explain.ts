import type { Command } from 'commander';
import { ExitCode } from '../base/errors.ts';
import { toStderr, toStdout, type Write } from './output.ts';
import { describeLoaded, loadModel, withModelFlags, type ModelFlags } from './model-source.ts';

interface ExplainFlags extends ModelFlags {
  readonly from: string;
  readonly to: string;
  readonly namespace?: string;
  readonly json?: boolean;
}

/**
 * Adds `ordeal explain`: the verdict of one connection and the rule that decides it, without sending a packet. Exits 4
 * when the API leaves the verdict open, or something in the files had to be left out of it.
 */
export function registerExplain(program: Command, write: Write = toStdout, warn: Write = toStderr): void {
  withModelFlags(program.command('explain'))
    .description('say whether a connection is open and which rule of which policy decides, without sending a packet')
    .requiredOption('--from <end>', 'NAMESPACE/POD (or a workload: all its pods), node:NAME or an IP address')
    .requiredOption('--to <end>', 'NAMESPACE/POD:PORT[/tcp|udp|sctp]; also svc:NAMESPACE/NAME, node:NAME, an IP')
    .option('--namespace <name>', 'where objects of the files belong that name no namespace (default: default)')
    .option('--json', 'machine-readable')
    .action(async (flags: ExplainFlags) => {
      const { text, exitCode } = await explained(flags, warn);
      await write(text);
      process.exitCode = exitCode;
    });
}

async function explained(flags: ExplainFlags, warn: Write): Promise<{ text: string; exitCode: ExitCode }> {
  const [{ parseSource, parseTarget }, { explain }, { judge }] = await Promise.all([
    import('../oracle/ends.ts'),
    import('../oracle/explain.ts'),
    import('../oracle/judge.ts'),
  ]);
  const { model, ...loaded } = await loadModel(flags, flags.namespace);
  await warn(describeLoaded(loaded));
  const attempt = { from: parseSource(flags.from), ...parseTarget(flags.to, model) };
  const judgement = judge(model, attempt);
  const text =
    flags.json === true ? `${JSON.stringify({ ...attempt, ...judgement }, undefined, 2)}\n` : explain(judgement);
  const firm = judgement.verdict !== 'undecided' && loaded.faults.length === 0;
  return { text, exitCode: firm ? ExitCode.conforms : ExitCode.inconclusive };
}
