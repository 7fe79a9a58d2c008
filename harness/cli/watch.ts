import type { Command } from 'commander';
import { collect } from './flags.ts';
import { toStdout, type Write } from './output.ts';
import type { WatchFlags } from './watch-run.ts';

/** Adds `ordeal watch`: every path of a cluster sampled until it is stopped; the same sampling as `ordeal upgrade`. */
export function registerWatch(program: Command, write: Write = toStdout): void {
  const watch = program
    .command('watch')
    .description('sample every path of a cluster and show it: live on a terminal, as lines in CI, to Prometheus')
    .option('--kubeconfig <file>', 'the cluster')
    .option('--context <name>', 'context of that kubeconfig')
    .option('--name <cluster>', 'a kind cluster that `ordeal run --keep` left, instead of --kubeconfig')
    .option(
      '--agent-image <ref>',
      'a Node.js >= 22 image that cluster can pull (default docker.io/library/node:22-slim)',
    )
    .option('-y, --yes', 'do not ask before agents are put on every node')
    .option('--for <duration>', 'end after this long, such as 10m (default: at Ctrl-C)')
    .option('--listen <address>', 'serve /metrics here, as HOST:PORT or PORT')
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
