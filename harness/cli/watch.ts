import type { Command } from 'commander';
import { toStdout, type Write } from './output.ts';
import { withSampledCluster } from './sampled-cluster.ts';
import type { WatchFlags } from './watch-run.ts';

/** Adds `ordeal watch`: every path of a cluster sampled until it is stopped; the same sampling as `ordeal upgrade`. */
export function registerWatch(program: Command, write: Write = toStdout): void {
  const watch = withSampledCluster(program.command('watch'))
    .description('sample every path of a cluster and show it: live on a terminal, as lines in CI, to Prometheus')
    .option('--for <duration>', 'end after this long, such as 10m (default: at Ctrl-C)')
    .option('--listen <address>', 'serve /metrics here, as HOST:PORT or PORT')
    .action(async (flags: WatchFlags) => {
      const { runWatch } = await import('./watch-run.ts');
      process.exitCode = await runWatch(flags);
    });
  watch
    .command('dashboard')
    .description('a Grafana dashboard over these metrics, as JSON')
    .action(async () => write((await import('../../reports/watch/dashboard.ts')).dashboard()));
  watch
    .command('alerts')
    .description('alert rules for Prometheus over these metrics')
    .action(async () => write((await import('../../reports/watch/alerts.ts')).alertRules()));
}
