import type { Command } from 'commander';
import { collect } from './flags.ts';
import { withSampledCluster } from './sampled-cluster.ts';
import type { UpgradeFlags } from './upgrade-options.ts';

/** Adds `ordeal upgrade`: every path of a cluster sampled before, during and after a command, and a verdict. */
export function registerUpgrade(program: Command): void {
  withSampledCluster(program.command('upgrade'))
    .description('judge a cluster before, during and after an upgrade: run it after `--`')
    .argument('[command...]', 'what upgrades the cluster; it may print `ordeal: step NAME`')
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
    .action(async (command: string[], flags: UpgradeFlags) => {
      const { runUpgrade } = await import('./upgrade-run.ts');
      process.exitCode = await runUpgrade(command, flags);
    });
}
