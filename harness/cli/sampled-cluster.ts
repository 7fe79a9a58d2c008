import type { Command } from 'commander';
import { collect } from './flags.ts';

/** Adds the flags of a command that samples every path of a cluster: which one, from where, what else, by what budget. */
export function withSampledCluster(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the cluster')
    .option('--context <name>', 'context of that kubeconfig')
    .option('--name <cluster>', 'a kind cluster that `ordeal run --keep` left, instead of --kubeconfig')
    .option(
      '--agent-image <ref>',
      'a Node.js >= 22 image that cluster can pull (default docker.io/library/node:22-slim)',
    )
    .option('-y, --yes', 'do not ask before agents are put on every node')
    .option(
      '--path <probe>',
      'also this one: tcp://, udp://, http://HOST[:PORT] or dns://NAME; may repeat',
      collect,
      [],
    )
    .option('--nodes <n>', 'sample from so many nodes at most', '20')
    .option('--budget <file>', 'YAML or JSON: what each path may lose, and how often it is tried')
    .option('--out <folder>', 'where log and reports go (default ordeal-results/<run id>)')
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts');
}
