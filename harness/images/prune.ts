import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cniNames, meshNames } from '../../clusters/index.ts';
import { otherCni } from '../../clusters/names.ts';
import { nodeTag } from './node-image.ts';
import { hostContext, type BuildContext } from './context.ts';
import { belongings } from './inventory.ts';
import { sweepScratch, type Room } from './store.ts';

/**
 * Removes what today's declarations no longer lead to (or, with `all`, the whole cache but its locks), and the node
 * images in Docker that went with it. Returns the bytes freed. What a running container uses stays.
 */
export async function prune(options: { all: boolean }, context: BuildContext = hostContext()): Promise<number> {
  const kept = options.all ? new Map<Room, ReadonlySet<string>>() : await keptNames(context);
  const rooms: readonly Room[] = ['bin', 'images', 'layers', 'roots', 'archives', 'modules', 'downloads'];
  await sweepScratch(context.store);
  const freed: number[] = [];
  for (const room of rooms) {
    const keep = kept.get(room);
    // Downloads have no way back to their declaration and are small: only `all` takes them.
    if (keep !== undefined || options.all || room === 'archives') freed.push(await sweep(context, room, keep));
  }
  await pruneDocker(context, kept.get('images') ?? new Set());
  return freed.reduce((sum, bytes) => sum + bytes, 0);
}

async function keptNames(context: BuildContext): Promise<Map<Room, ReadonlySet<string>>> {
  const choices = [...cniNames, otherCni].flatMap((cni) => meshNames.map((mesh) => ({ cni, mesh })));
  const all = await Promise.all(choices.map((choice) => belongings(context, choice)));
  const images = all.flatMap((set) => set.images);
  return new Map<Room, ReadonlySet<string>>([
    ['bin', new Set(all.flatMap((set) => set.bin))],
    ['images', new Set(images.map(({ key }) => `${key}.json`))],
    ['layers', new Set(images.flatMap(({ layers }) => layers.map((layer) => `${layer}.tar`)))],
    ['roots', new Set(all.flatMap((set) => set.roots))],
    ['modules', new Set(all.flatMap((set) => set.modules))],
  ]);
}

async function sweep(context: BuildContext, room: Room, keep: ReadonlySet<string> | undefined): Promise<number> {
  let freed = 0;
  for (const name of await readdir(context.store.path(room)).catch(() => [])) {
    if (keep?.has(name) === true) continue;
    freed += await remove(context.store.path(room, name));
  }
  return freed;
}

async function remove(path: string): Promise<number> {
  const bytes = await bytesOf(path);
  await rm(path, { recursive: true, force: true });
  return bytes;
}

async function bytesOf(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Only tags this builder makes are touched; Docker itself refuses those a container uses. */
async function pruneDocker(context: BuildContext, keptImages: ReadonlySet<string>): Promise<void> {
  const keys = [...keptImages].map((name) => name.replace('.json', ''));
  const format = '{{.Repository}}:{{.Tag}}';
  const output = await context.run('node', ['docker', 'images', '--format', format, 'ordeal.dev/node']).catch(() => '');
  for (const tag of output.split('\n').filter((line) => /-[0-9a-f]{12}$/.test(line))) {
    if (keys.some((key) => nodeTag(tag.replace(/-[0-9a-f]{12}$/, ''), key) === tag)) continue;
    await context.run('node', ['docker', 'rmi', tag]).catch(() => '');
  }
}
