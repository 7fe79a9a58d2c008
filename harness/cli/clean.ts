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
  readonly dryRun?: boolean;
}

/** Adds `ordeal clean`: removes what carries Ordeal's marks and nothing else; clusters a live run uses stay. */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('revert faults, and remove clusters, containers and networks that kept, finished or killed runs left')
    .option('--faults', 'only revert faults that killed runs left on nodes; clusters stay')
    .option('--results <folder>', 'where runs wrote, whose records of faults are read', 'ordeal-results')
    .option('--force', 'also those of runs still under way')
    .option('--name <name>', 'only this cluster; with --kubeconfig only what this run left (its id)')
    .option('--dry-run', 'say what would be restored and removed, and do nothing')
    .option(
      '--kubeconfig <file>',
      'instead: on that existing cluster restore what dead runs left changed, and remove what they made',
    )
    .option('--context <name>', 'context of that kubeconfig')
    .action((flags: CleanFlags) => clean(flags));
}

async function cleanHost({
  force = false,
  faults = false,
  name: only,
  results,
  dryRun = false,
}: CleanFlags): Promise<void> {
  const [{ sweep }, { cleanFaults }] = await Promise.all([import('../cluster/sweep.ts'), import('./clean-faults.ts')]);
  const { cleanupMs: timeoutMs } = await loadTimeouts(undefined);
  if (dryRun) {
    const { removed } = await sweep({ force, only, timeoutMs, dryRun });
    tell(removed.map(({ name }) => `would remove ${name}`));
    return;
  }
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

/** Those that say of which cluster or host they speak. @throws OrdealError USAGE */
function refuseIdle({ kubeconfig, context, faults, dryRun }: CleanFlags): void {
  const idle = [
    ...(kubeconfig === undefined && context !== undefined ? ['--context: it needs --kubeconfig'] : []),
    ...(faults === true && dryRun === true ? ['--dry-run: --faults reverts what it finds at once'] : []),
    ...(kubeconfig !== undefined && faults === true ? ['--faults: nodes of a --kubeconfig are not entered'] : []),
  ];
  if (idle.length === 0) return;
  throw new OrdealError('USAGE', `unusable flags: ${idle.join('; ')}`, { remedy: 'Leave them out.' });
}

async function clean(flags: CleanFlags): Promise<void> {
  refuseIdle(flags);
  const { kubeconfig, context, name, force = false, dryRun = false } = flags;
  if (kubeconfig === undefined) {
    await cleanHost(flags);
    return;
  }
  const { cleanCluster } = await import('./clean-cluster.ts');
  const { done, notes } = await cleanCluster({ kubeconfig, context, name, force, dryRun });
  for (const note of notes) process.stderr.write(`${note}\n`);
  tell(done);
}

function tell(done: readonly string[]): void {
  for (const line of done) process.stdout.write(`${line}\n`);
  if (done.length === 0) process.stderr.write('nothing to clean\n');
}
