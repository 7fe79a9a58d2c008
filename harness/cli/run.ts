import { Option, type Command } from 'commander';
import { ExitCode } from '../base/errors.ts';
import { worstExitCode } from '../events/exit-code.ts';
import { cniNames, meshNames } from '../../clusters/index.ts';
import { disruptionKinds } from '../case/touches.ts';
import { collect } from './flags.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { parseRunOptions, type RunOptions } from './run-options.ts';
import { withSelectors } from './selection.ts';
import { withConfig, withSettings } from './settings.ts';

/** Adds `ordeal run`: one verdict per CNI asked for, then a comparison; the exit code is the worst of them. */
export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('provision a cluster (or take one), run the suites, report, tear down')
    .option('--cni <names>', `${cniNames.join(', ')}; a list runs one after another`)
    .option('--mesh <name>', meshNames.join(', '))
    .option('--workers <n>', 'worker nodes, 0..5; with fewer than two the control plane takes pods too')
    .option('--zones <n>', 'zones the nodes are labelled into, 1..3')
    .option('--dual-stack', 'IPv4 and IPv6, where the host has IPv6')
    .option('--images <source>', 'auto, registry, source')
    .option('--registry <host>', 'take every image from this mirror: HOST[:PORT][/PREFIX]')
    .option('--kubeconfig <file>', 'use an existing cluster instead of making one; in-cluster in a pod: its own')
    .option('--context <name>', 'context of that kubeconfig')
    .option(
      '--agent-image <ref>',
      'a Node.js >= 22 image that cluster can pull (default docker.io/library/node:22-slim)',
    )
    .option('--name <name>', 'name of the kind cluster')
    .option('--out <folder>', 'where the run writes (default ordeal-results/<run id>)')
    .option('--keep', 'leave the cluster, with the grids of probe pods in it')
    .option('--reuse', 'take the kind cluster that an earlier run kept under --name, and leave it')
    .option('--require <feature>', 'a feature the network must have to conform, else optional; may repeat', collect, [])
    .option(
      '--allow-disruption <kinds>',
      `what cases may disturb on an existing cluster: ${disruptionKinds.join(', ')}, all; may repeat`,
      collect,
      [],
    )
    .option('--dry-run', 'print the plan (nodes, pods, what is touched, rights, time), and do nothing')
    .option('--yes', 'agree to the plan for an existing cluster, where nobody can be asked')
    .option('--during <faults>', 'tables again while each fault holds: loss:10%, standard; may repeat', collect, [])
    .option('--fail-fast', 'stop at the first failed case')
    .option(
      '--reporter <name>',
      'also tell the run through a mocha reporter: spec, dot, tap, list, min, github-actions',
    )
    .option('--concurrency <n>', 'cases running at once (default: by CPU cores)')
    .addOption(new Option('--worlds <n>', 'the old name of --concurrency').hideHelp())
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts')
    .option('--collect-logs <scope>', "when a case does not pass: none, own (the run's namespaces) or system (default)")
    .option('--fix', 'install and start what is missing (Docker Engine, build tools); announced first')
    .option('--no-install', 'forbid --fix to install packages')
    .option('-q, --quiet', 'say only what is wrong, and how it ends')
    .option('-v, --verbose', 'also name each case as it passes');
  withConfig(withSelectors(command)).action(async () => {
    const flags = await withSettings(command, (line) => process.stderr.write(`${line}\n`));
    process.exitCode = await runAll(parseRunOptions(flags));
  });
}

async function runAll(options: RunOptions): Promise<ExitCode> {
  if (options.dryRun || options.kubeconfig !== undefined) {
    const { announce } = await import('./announce.ts');
    await announce(options);
    if (options.dryRun) return ExitCode.conforms;
  }
  const interrupt = onInterrupt((line) => process.stderr.write(`${line}\n`));
  try {
    return await runEach(options, interrupt.signal);
  } finally {
    interrupt.stop();
  }
}

async function runEach(options: RunOptions, signal: AbortSignal): Promise<ExitCode> {
  const { runOne } = await import('./one-run.ts');
  const subjects = options.kubeconfig === undefined && !options.reuse ? options.cni : [undefined];
  const ended: { folder: string; exitCode: ExitCode }[] = [];
  for (const cni of subjects) {
    ended.push(await runOne({ ...options, several: subjects.length > 1 }, cni, signal));
    if (signal.aborted) return ExitCode.interrupted;
  }
  if (ended.length > 1) await compare(ended.map((one) => one.folder));
  return worstExitCode(ended.map((one) => one.exitCode));
}

async function compare(folders: readonly string[]): Promise<void> {
  const [{ loadRun }, { matrixText }] = await Promise.all([
    import('../events/reader.ts'),
    import('../../reports/comparison.ts'),
  ]);
  process.stdout.write(matrixText(await Promise.all(folders.map((folder) => loadRun(folder)))));
}
