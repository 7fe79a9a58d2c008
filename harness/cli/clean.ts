import type { Command } from 'commander';
import { OrdealError } from '../base/errors.ts';
import { loadTimeouts } from './run-options.ts';

interface CleanFlags {
  readonly force?: boolean;
  readonly name?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Adds `ordeal clean`: removes what carries Ordeal's marks and nothing else; clusters a live run uses stay. */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('remove clusters, containers and networks that kept, finished or killed runs left')
    .option('--force', 'also those of runs still under way')
    .option('--name <cluster>', 'only this cluster')
    .option('--kubeconfig <file>', 'instead: namespaces that runs left on that existing cluster')
    .option('--context <name>', 'context of that kubeconfig')
    .action((flags: CleanFlags) => (flags.kubeconfig === undefined ? cleanHost(flags) : cleanCluster(flags)));
}

async function cleanHost(flags: CleanFlags): Promise<void> {
  const { sweep } = await import('../cluster/sweep.ts');
  const { cleanupMs: timeoutMs } = await loadTimeouts(undefined);
  const { removed, inUse } = await sweep({ force: flags.force === true, only: flags.name, timeoutMs });
  for (const { name } of inUse) process.stderr.write(`${name} is in use by a running Ordeal; --force removes it\n`);
  tell(removed.map(({ name }) => name));
}

async function cleanCluster({ kubeconfig, context }: CleanFlags): Promise<void> {
  if (kubeconfig === undefined) throw new OrdealError('USAGE', '--context needs --kubeconfig');
  const [{ connect }, { sweepNamespaces }] = await Promise.all([
    import('../kube/connect.ts'),
    import('../cluster/sweep.ts'),
  ]);
  const kube = await connect(kubeconfig, context);
  try {
    tell(await sweepNamespaces(kube, (await loadTimeouts(undefined)).cleanupMs));
  } finally {
    await kube.close();
  }
}

function tell(removed: readonly string[]): void {
  for (const name of removed) process.stdout.write(`removed ${name}\n`);
  if (removed.length === 0) process.stderr.write('nothing to clean\n');
}
