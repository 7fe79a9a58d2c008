import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from './context.ts';
import type { ImageRecord } from './record.ts';
import { withScratch } from './store.ts';

/** An image under the name it is to have in the archive. */
export interface NamedImage {
  readonly tag: string;
  readonly record: ImageRecord;
}

/** Writes a docker-archive of these images to `file`; a layer several share is in it once. Deterministic. */
export async function writeArchive(context: BuildContext, images: readonly NamedImage[], file: string): Promise<void> {
  await withParts(context, images, async (argv) => {
    await context.run('archive', ['tar', ...argv, `--file=${file}`]);
  });
}

/** Streams a docker-archive of these images into `docker load`, so that a gigabyte is not written twice. */
export async function dockerLoad(context: BuildContext, images: readonly NamedImage[]): Promise<void> {
  await withParts(context, images, async (argv) => {
    const pipe = 'tar "$@" --file=- | docker load --quiet';
    await context.run('archive', ['sh', '-c', pipe, 'sh', ...argv]);
  });
}

async function withParts(
  context: BuildContext,
  images: readonly NamedImage[],
  pack: (tarArguments: readonly string[]) => Promise<void>,
): Promise<void> {
  await withScratch(context.store, async (folder) => {
    const manifest = images.map(({ tag, record }) => ({
      Config: `${hex(record)}.json`,
      RepoTags: [tag],
      Layers: record.layers.map((digest) => `${digest}.tar`),
    }));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await linkParts(context, images, folder);
    const flags = ['--create', '--format=gnu', '--dereference', '--mtime=@0', '--mode=0644', '--numeric-owner'];
    await pack([...flags, '--owner=0', '--group=0', `--directory=${folder}`, ...parts(images)]);
  });
}

const hex = (record: ImageRecord): string => record.digest.replace('sha256:', '');

function parts(images: readonly NamedImage[]): readonly string[] {
  const names = images.flatMap(({ record }) => [
    `${hex(record)}.json`,
    ...record.layers.map((layer) => `${layer}.tar`),
  ]);
  return ['manifest.json', ...[...new Set(names)].toSorted()];
}

async function linkParts(context: BuildContext, images: readonly NamedImage[], folder: string): Promise<void> {
  for (const { record } of new Map(images.map((image) => [hex(image.record), image])).values()) {
    await writeFile(join(folder, `${hex(record)}.json`), record.config);
  }
  for (const layer of new Set(images.flatMap(({ record }) => record.layers))) {
    await symlink(context.store.path('layers', `${layer}.tar`), join(folder, `${layer}.tar`));
  }
}
