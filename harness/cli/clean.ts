import type { Command } from 'commander';
import { loadTimeouts } from './run-options.ts';

/** Adds `ordeal clean`: removes what carries Ordeal's marks and nothing else; clusters a live run uses stay. */
export function registerClean(program: Command): void {
  program
    .command('clean')
    .description('remove clusters, containers and networks that kept, finished or killed runs left')
    .option('--force', 'also those of runs still under way')
    .option('--name <cluster>', 'only this cluster')
    .action(async (flags: { force?: boolean; name?: string }) => {
      const { sweep } = await import('../cluster/sweep.ts');
      const { cleanupMs: timeoutMs } = await loadTimeouts(undefined);
      const { removed, inUse } = await sweep({ force: flags.force === true, only: flags.name, timeoutMs });
      for (const { name } of removed) process.stdout.write(`removed ${name}\n`);
      for (const { name } of inUse) process.stderr.write(`${name} is in use by a running Ordeal; --force removes it\n`);
      if (removed.length + inUse.length === 0) process.stderr.write('nothing to clean\n');
    });
}
