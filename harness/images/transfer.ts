import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { CniName, MeshName } from '../../clusters/names.ts';
import { componentsFor } from '../../clusters/components/index.ts';
import { OrdealError } from '../base/errors.ts';
import { hostContext, type BuildContext } from './context.ts';
import { belongings } from './inventory.ts';
import { sha256Of } from './key.ts';
import { builderVersion, exists, withScratch } from './store.ts';

const manifestName = 'ordeal-images.json';

/** First member of an exported file: what it holds and for what machine. */
const Manifest = z.strictObject({
  format: z.literal('ordeal-images'),
  builderVersion: z.number(),
  arch: z.enum(['amd64', 'arm64']),
  entries: z.array(z.string().regex(/^(bin|images|layers|modules)\/[A-Za-z0-9._-]+$/)),
});

/**
 * Writes the built set of a CNI and mesh to a file another machine can import; returns how many entries it holds.
 * @throws OrdealError IMAGE_BUILD when the set is not built yet.
 */
export async function exportSet(
  file: string,
  choice: { readonly cni: CniName; readonly mesh: MeshName },
  context: BuildContext = hostContext(),
): Promise<number> {
  const entries = await entriesOf(context, choice);
  await withScratch(context.store, async (folder) => {
    const manifest = { format: 'ordeal-images', builderVersion, arch: context.arch, entries };
    await writeFile(join(folder, manifestName), JSON.stringify(manifest, null, 2));
    const partial = `${resolve(file)}.partial`;
    await context.run('export', [
      ...(['tar', '--create', '--format=gnu', `--file=${partial}`, `--directory=${folder}`, manifestName] as const),
      ...[`--directory=${context.store.root}`, ...entries],
    ]);
    await rename(partial, resolve(file));
  });
  return entries.length;
}

async function entriesOf(context: BuildContext, choice: { cni: CniName; mesh: MeshName }): Promise<readonly string[]> {
  const set = await belongings(context, choice);
  const node = set.images.filter((record) => record.component === 'node' && record.layers.length > 0);
  if (node.length < 2) {
    throw new OrdealError('IMAGE_BUILD', `the set of ${choice.cni} with mesh ${choice.mesh} is not built`, {
      remedy: `run \`ordeal images build --cni ${choice.cni} --mesh ${choice.mesh}\` first`,
    });
  }
  const layers = new Set(set.images.flatMap((record) => record.layers.map((layer) => `layers/${layer}.tar`)));
  const records = set.images.map(({ key }) => `images/${key}.json`);
  // Binaries of components with images travel inside those; only this machine's tools are files of their own.
  const tools = componentsFor(choice).filter(({ images }) => images === undefined);
  const bin = set.bin
    .filter((name) => tools.some((tool) => name.startsWith(`${tool.name}-`)))
    .map((name) => `bin/${name}`);
  const modules = set.modules.map((name) => `modules/${name}`);
  const wanted = [...bin, ...records, ...layers, ...modules];
  const present = await Promise.all(wanted.map((entry) => exists(join(context.store.root, entry))));
  return wanted.filter((_, index) => present[index]).toSorted();
}

/**
 * Takes an exported set into this machine's cache; returns how many entries were new. Layers are checked against the
 * digests they are named by. @throws OrdealError USAGE (no such file, not an export, another architecture), IMAGE_BUILD (damaged).
 */
export async function importSet(file: string, context: BuildContext = hostContext()): Promise<number> {
  if (!(await exists(file))) throw usage(file, 'there is no such file');
  return withScratch(context.store, async (folder) => {
    const extract = ['tar', '--extract', `--file=${resolve(file)}`, `--directory=${folder}`] as const;
    const manifest = await readManifest(context, file, [...extract, manifestName], folder);
    await context.run('import', [...extract, ...manifest.entries]);
    await checkLayers(folder, file);
    let fresh = 0;
    for (const entry of manifest.entries) fresh += await adopt(context, folder, entry);
    return fresh;
  });
}

async function readManifest(
  context: BuildContext,
  file: string,
  extract: readonly [string, ...string[]],
  folder: string,
): Promise<z.infer<typeof Manifest>> {
  try {
    await context.run('import', extract);
    const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')));
    if (manifest.arch === context.arch) return manifest;
    throw usage(file, `it holds images for ${manifest.arch}, this machine is ${context.arch}`);
  } catch (cause) {
    if (cause instanceof OrdealError && cause.code === 'USAGE') throw cause;
    throw usage(file, 'it was not written by `ordeal images export`', cause);
  }
}

async function checkLayers(folder: string, file: string): Promise<void> {
  for (const name of await readdir(join(folder, 'layers')).catch(() => [])) {
    const digest = await sha256Of(join(folder, 'layers', name));
    if (`${digest}.tar` === name) continue;
    throw new OrdealError('IMAGE_BUILD', `importing ${file}: the layer ${name} is damaged`, {
      remedy: 'copy the file again; nothing was imported',
    });
  }
}

async function adopt(context: BuildContext, folder: string, entry: string): Promise<number> {
  const target = join(context.store.root, entry);
  if (await exists(target)) return 0;
  await mkdir(dirname(target), { recursive: true });
  await rename(join(folder, entry), target);
  return 1;
}

const usage = (file: string, why: string, cause?: unknown): OrdealError =>
  new OrdealError('USAGE', `importing ${file}: ${why}`, {
    remedy: 'give a file that `ordeal images export FILE` wrote on a machine of the same architecture',
    cause,
  });
