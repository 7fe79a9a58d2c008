import type { Command } from 'commander';
import { collect } from './flags.ts';
import type { UpgradeFlags } from './upgrade-options.ts';

/** Adds `ordeal upgrade`: every path of a cluster sampled before, during and after a command, and a verdict. */
export function registerUpgrade(program: Command): void {
  program
    .command('upgrade')
    .description('judge a cluster before, during and after an upgrade: run it after `--`')
    .argument('[command...]', 'what upgrades the cluster; it may print `ordeal: step NAME`')
    .option('--kubeconfig <file>', 'the cluster')
    .option('--context <name>', 'context of that kubeconfig')
    .option('--name <cluster>', 'a kind cluster that `ordeal run --keep` left, instead of --kubeconfig')
    .option(
      '--agent-image <ref>',
      'a Node.js >= 22 image that cluster can pull (default docker.io/library/node:22-slim)',
    )
    .option('-y, --yes', 'do not ask before agents are put on every node')
    .option('--check', 'no upgrade: only say what one would stumble over; exit 1 where that is critical')
    .option('--target <version>', 'the Kubernetes version upgraded to (default: the next minor one)')
    .option('--until-enter', 'no command: sample until Enter is pressed')
    .option('--for <duration>', 'no command: sample this long, such as 20m')
    .option('--before <duration>', 'traffic before the upgrade', '20s')
    .option(
      '--suite <pattern>',
      'cases judged before and after: id glob, area, tier or tag:NAME; may repeat',
      collect,
      [],
    )
    .option('--no-conformance', 'no cases before and after, traffic alone')
    .option(
      '--path <probe>',
      'also this one: tcp://, udp://, http://HOST[:PORT] or dns://NAME; may repeat',
      collect,
      [],
    )
    .option('--nodes <n>', 'sample from so many nodes at most', '20')
    .option('--budget <file>', 'YAML or JSON: what each path may lose, and how often it is tried')
    .option('--out <folder>', 'where log and reports go (default ordeal-results/<run id>)')
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts')
    .action(async (command: string[], flags: UpgradeFlags) => {
      const { runUpgrade } = await import('./upgrade-run.ts');
      process.exitCode = await runUpgrade(command, flags);
    });
}
