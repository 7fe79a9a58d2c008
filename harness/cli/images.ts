import type { Command } from 'commander';
import { z } from 'zod';
import { cniNames, defaultCni, meshNames } from '../../clusters/index.ts';
import { noMesh } from '../../clusters/names.ts';
import { usageError } from './usage-error.ts';

const Choice = z.object({ cni: z.enum(cniNames).default(defaultCni), mesh: z.enum(meshNames).default(noMesh) });
type Choice = z.infer<typeof Choice>;

/** Adds `ordeal images list|build|prune|export|import|push`: the cache of built images, and carrying it elsewhere. */
export function registerImages(program: Command): void {
  const images = program.command('images').description('the cache of built images');
  const choosing = (command: Command) =>
    command.option('--cni <name>', cniNames.join(', ')).option('--mesh <name>', meshNames.join(', '));
  images
    .command('list')
    .description('what is built, and how large')
    .option('--json', 'machine-readable')
    .action((flags: { json?: boolean }) => list(flags.json === true));
  choosing(images.command('build').description('build what a cluster needs')).action((flags: unknown) =>
    build(choice(flags)),
  );
  images
    .command('prune')
    .description('remove what no declaration leads to')
    .option('--all', 'the whole cache')
    .action((flags: { all?: boolean }) => prune(flags.all === true));
  choosing(images.command('export <file>').description('write a built set for an air-gapped machine')).action(
    (file: string, flags: unknown) => exportTo(file, choice(flags)),
  );
  images.command('import <file>').description('read such a file into the cache').action(importFrom);
  choosing(images.command('push <registry>').description('push a built set to HOST[:PORT][/PREFIX]')).action(
    (registry: string, flags: unknown) => push(registry, choice(flags)),
  );
}

function choice(flags: unknown): Choice {
  const parsed = Choice.safeParse(flags);
  if (parsed.success) return parsed.data;
  throw usageError(parsed.error, 'images');
}

async function builtSet(wanted: Choice) {
  const [{ ensureImages }, { componentsFor }, { terminalProgress }] = await Promise.all([
    import('../images/ensure.ts'),
    import('../../clusters/components/index.ts'),
    import('../base/progress-terminal.ts'),
  ]);
  const progress = terminalProgress();
  const components = componentsFor(wanted);
  try {
    return { components, set: await ensureImages({ source: 'source', components, progress }) };
  } finally {
    progress.close();
  }
}

async function list(json: boolean): Promise<void> {
  const inventory = await import('../images/inventory.ts');
  const lines = await inventory.list();
  if (json) process.stdout.write(`${JSON.stringify(lines, undefined, 2)}\n`);
  else
    for (const { built, bytes, reference, component, version } of lines) {
      const size = built ? `${Math.round(bytes / 1e6)} MB`.padStart(7) : 'missing';
      process.stdout.write(`${size}  ${reference}  (${component} ${version})\n`);
    }
}

async function build(wanted: Choice): Promise<void> {
  const { set } = await builtSet(wanted);
  process.stdout.write(`${set.nodeImage}\n`);
}

async function prune(all: boolean): Promise<void> {
  const images = await import('../images/prune.ts');
  process.stdout.write(`freed ${Math.round((await images.prune({ all })) / 1e6)} MB\n`);
}

async function exportTo(file: string, wanted: Choice): Promise<void> {
  const { exportSet } = await import('../images/transfer.ts');
  process.stdout.write(`${await exportSet(file, wanted)} entries written to ${file}\n`);
}

async function importFrom(file: string): Promise<void> {
  const { importSet } = await import('../images/transfer.ts');
  process.stdout.write(`${await importSet(file)} entries read\n`);
}

async function push(registry: string, wanted: Choice): Promise<void> {
  const { pushSet } = await import('../images/publish.ts');
  for (const reference of await pushSet({ registry, ...(await builtSet(wanted)) }))
    process.stdout.write(`${reference}\n`);
}
