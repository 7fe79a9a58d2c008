import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, readdir, readlink, rename, writeFile } from 'node:fs/promises';
import { dirname, join, matchesGlob } from 'node:path';
import type { BuildContext } from './context.ts';
import { sha256Of } from './key.ts';
import { exists, withScratch } from './store.ts';

/** Run-time mounts: whatever a root holds there never belongs in an image. */
const mounted = ['dev', 'proc', 'sys', 'run', 'tmp'];

/** A root folder to be packed; `base` makes the layer a difference to that root. */
export interface LayerInput {
  readonly component: string;
  readonly root: string;
  readonly base?: string;
  /** Folders kept but emptied, files and globs left out; relative to the root. */
  readonly prune: readonly string[];
  /** Scratch images hold only what we put there: everything belongs to root. */
  readonly rootOwned: boolean;
}

/**
 * Packs a root as an uncompressed layer and returns its sha256 (the diff id), storing it under that name. Deterministic:
 * sorted, mtime 0, numeric owners. Where the difference to `base` would need deletions the result is undefined, because
 * a deletion mark does not survive being unpacked ahead into a node image: the caller packs everything instead.
 */
export async function packLayer(context: BuildContext, input: LayerInput): Promise<string | undefined> {
  const paths = await listRoot(input.root, input.prune);
  if (input.base === undefined) return writeLayer(context, input, paths);
  const below = new Set(await listRoot(input.base, input.prune));
  const own = new Set(paths);
  if ([...below].some((path) => !own.has(path))) return undefined;
  const changed = await changedPaths(input.root, input.base, paths, below);
  return writeLayer(context, input, changed);
}

/** Returns every path below a root, sorted bytewise, without what is pruned. */
export async function listRoot(root: string, prune: readonly string[]): Promise<readonly string[]> {
  const emptied = [...mounted, ...prune];
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const dropped = emptied.some((pattern) => path === pattern || matchesGlob(path, pattern));
      if (dropped && !entry.isDirectory()) continue;
      found.push(path);
      if (entry.isDirectory() && !dropped) await walk(path);
    }
  };
  await walk('');
  return found.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function changedPaths(
  root: string,
  base: string,
  paths: readonly string[],
  below: ReadonlySet<string>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const path of paths) {
    if (!below.has(path) || !(await same(join(root, path), join(base, path)))) changed.push(path);
  }
  return changed;
}

async function same(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, { bigint: true }), lstat(other, { bigint: true })]);
  if (a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.isDirectory()) return true;
  if (a.isSymbolicLink()) return (await readlink(one)) === (await readlink(other));
  return sameFile(a, b);
}

const sameFile = (a: BigIntStats, b: BigIntStats) => a.size === b.size && a.mtimeNs === b.mtimeNs;

async function writeLayer(context: BuildContext, input: LayerInput, paths: readonly string[]): Promise<string> {
  return withScratch(context.store, async (scratch) => {
    const list = join(scratch, 'list');
    const file = join(scratch, 'layer.tar');
    await writeFile(list, paths.map((path) => `./${path}\0`).join(''));
    const owners = input.rootOwned ? ['--owner=0', '--group=0'] : [];
    await context.run(input.component, [
      ...(['tar', '--create', '--format=gnu', '--no-recursion', '--null', '--mtime=@0', '--numeric-owner'] as const),
      ...[...owners, `--directory=${input.root}`, `--files-from=${list}`, `--file=${file}`],
    ]);
    const digest = await sha256Of(file);
    const target = context.store.path('layers', `${digest}.tar`);
    await mkdir(dirname(target), { recursive: true });
    if (!(await exists(target))) await rename(file, target);
    return digest;
  });
}
