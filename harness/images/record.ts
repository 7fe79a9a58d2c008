import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Arch, ImageLayout } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { exists, type Store } from './store.ts';

/** What the cache knows of a built image. `config` is the exact bytes whose sha256 is the image's digest. */
export const ImageRecord = z.strictObject({
  reference: z.string(),
  component: z.string(),
  key: z.string(),
  digest: z.string(),
  layers: z.array(z.string()),
  config: z.string(),
});
export type ImageRecord = z.infer<typeof ImageRecord>;

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Returns the OCI image configuration of a layout over these layers (diff ids, hex), as deterministic JSON. */
export function imageConfig(layout: ImageLayout, arch: Arch, layers: readonly string[]): string {
  const environment = Object.entries({ PATH: standardPath, ...layout.env }).map(([name, value]) => `${name}=${value}`);
  return JSON.stringify({
    created: '1970-01-01T00:00:00Z',
    architecture: arch,
    os: 'linux',
    config: {
      Env: environment,
      Entrypoint: layout.entrypoint,
      Cmd: layout.cmd,
      User: layout.user,
      WorkingDir: layout.workdir ?? '/',
      StopSignal: layout.stopSignal,
    },
    rootfs: { type: 'layers', diff_ids: layers.map((digest) => `sha256:${digest}`) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'ordeal' })),
  });
}

/** Returns a built image's record, or undefined where it or one of its layers is absent. */
export async function readRecord(store: Store, key: string): Promise<ImageRecord | undefined> {
  const text = await readFile(store.path('images', `${key}.json`), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const record = parseRecord(text, key);
  const present = await Promise.all(record.layers.map((digest) => exists(store.path('layers', `${digest}.tar`))));
  return present.every(Boolean) ? record : undefined;
}

function parseRecord(text: string, key: string): ImageRecord {
  try {
    return ImageRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new OrdealError('IMAGE_BUILD', `the cache entry ${key} is damaged`, {
      remedy: 'run `ordeal images prune --all`, then build again',
      cause,
    });
  }
}

/** Writes a record to `file`. */
export async function writeRecord(file: string, record: ImageRecord): Promise<void> {
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
