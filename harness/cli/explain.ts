import type { Command } from 'commander';
import { loadWorld, withWorldFlags, type WorldFlags } from './world-source.ts';

interface ExplainFlags extends WorldFlags {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

type Write = (text: string) => void;

/** Adds `ordeal explain`: the verdict of one connection and the rule that decides it, without sending a packet. */
export function registerExplain(program: Command, write: Write = (text) => process.stdout.write(text)): void {
  withWorldFlags(program.command('explain'))
    .description('say whether a connection is open and which rule of which policy decides, without sending a packet')
    .requiredOption('--from <end>', 'NAMESPACE/POD, node:NAME or an IP address')
    .requiredOption('--to <end>', 'NAMESPACE/POD:PORT[/tcp|udp|sctp]; also svc:NAMESPACE/NAME, node:NAME, an IP')
    .option('--json', 'machine-readable')
    .action(async (flags: ExplainFlags) => write(await explained(flags)));
}

async function explained(flags: ExplainFlags): Promise<string> {
  const [{ parseSource, parseTarget }, { explain }, { judge }] = await Promise.all([
    import('../oracle/ends.ts'),
    import('../oracle/explain.ts'),
    import('../oracle/judge.ts'),
  ]);
  const world = await loadWorld(flags);
  const attempt = { from: parseSource(flags.from), ...parseTarget(flags.to, world) };
  const judgement = judge(world, attempt);
  return flags.json === true ? `${JSON.stringify({ ...attempt, ...judgement }, undefined, 2)}\n` : explain(judgement);
}
