import type { Command } from 'commander';
import { describeError, OrdealError } from '../base/errors.ts';
import { loadTimeouts } from './run-options.ts';

interface CleanFlags {
  readonly force?: boolean;
  readonly faults?: boolean;
  readonly results: string;
  readonly name?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Adds `ordeal clean`: removes what carries Ordeal's marks and nothing else; clusters a live run uses stay. */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('revert faults, and remove clusters, containers and networks that kept, finished or killed runs left')
    .option('--faults', 'only revert faults that killed runs left on nodes; clusters stay')
    .option('--results <folder>', 'where runs wrote, whose records of faults are read', 'ordeal-results')
    .option('--force', 'also those of runs still under way')
    .option('--name <cluster>', 'only this cluster')
    .option(
      '--kubeconfig <file>',
      'instead: restore what runs left changed on that existing cluster, remove their namespaces',
    )
    .option('--context <name>', 'context of that kubeconfig')
    .action((flags: CleanFlags) => (flags.kubeconfig === undefined ? cleanHost(flags) : cleanCluster(flags)));
}

async function cleanHost({ force = false, faults = false, name: only, results }: CleanFlags): Promise<void> {
  const [{ sweep }, { cleanFaults }] = await Promise.all([import('../cluster/sweep.ts'), import('./clean-faults.ts')]);
  const { cleanupMs: timeoutMs } = await loadTimeouts(undefined);
  const reverted = await cleanFaults({ only, force, results }).catch((error: unknown) => {
    if (faults) throw error;
    // With its cluster a fault goes too.
    process.stderr.write(`${describeError(error)}\n`);
    return [];
  });
  if (faults) {
    tell(reverted);
    return;
  }
  const { removed, inUse } = await sweep({ force, only, timeoutMs });
  for (const { name } of inUse) process.stderr.write(`${name} is in use by a running Ordeal; --force removes it\n`);
  tell([...reverted, ...removed.map(({ name }) => `removed ${name}`)]);
}

async function cleanCluster({ kubeconfig, context }: CleanFlags): Promise<void> {
  if (kubeconfig === undefined) throw new OrdealError('USAGE', '--context needs --kubeconfig');
  const [{ connect }, { restoreForeign }, { sweepNamespaces }] = await Promise.all([
    import('../kube/connect.ts'),
    import('../kube/former-state.ts'),
    import('../cluster/sweep.ts'),
  ]);
  const kube = await connect(kubeconfig, context);
  try {
    const { restored, unseen } = await restoreForeign(kube);
    for (const kind of unseen) process.stderr.write(`objects of kind ${kind} may not be listed: none was restored\n`);
    const removed = await sweepNamespaces(kube, (await loadTimeouts(undefined)).cleanupMs);
    tell([...restored.map((object) => `restored ${object}`), ...removed.map((name) => `removed ${name}`)]);
  } finally {
    await kube.close();
  }
}

function tell(done: readonly string[]): void {
  for (const line of done) process.stdout.write(`${line}\n`);
  if (done.length === 0) process.stderr.write('nothing to clean\n');
}
