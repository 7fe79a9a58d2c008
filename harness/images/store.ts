import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive } from '../base/process-alive.ts';

/** Raised when the way images are made changes, so that old cache entries are not taken for new ones. */
export const builderVersion = 1;

/** The rooms of the cache; each entry's name is a content key. */
export type Room = 'bin' | 'roots' | 'layers' | 'images' | 'downloads' | 'locks' | 'tmp' | 'archives' | 'modules';

/** A content-addressed cache folder. */
export interface Store {
  readonly root: string;
  /** Returns the path of an entry (which may not exist). */
  path(room: Room, name?: string): string;
}

/** Returns Ordeal's cache folder: `$XDG_CACHE_HOME/ordeal`, else `~/.cache/ordeal`. */
export function defaultCacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'ordeal');
}

/** Returns the store in `root`. Touches nothing. */
export function openStore(root: string = defaultCacheRoot()): Store {
  return { root, path: (room, name) => (name === undefined ? join(root, room) : join(root, room, name)) };
}

/** Returns whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Runs `work` with a scratch folder of the store that is gone afterwards, whatever happens. */
export async function withScratch<T>(store: Store, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = store.path('tmp', `${process.pid}-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another container may share the folder and number its processes anew: what is this young is left alone. */
const scratchGraceMs = 600_000;

/** Removes scratch folders of processes that are gone (a killed build leaves gigabytes). Returns how many. */
export async function sweepScratch(store: Store, now = Date.now()): Promise<number> {
  let swept = 0;
  for (const name of await readdir(store.path('tmp')).catch(() => [])) {
    const path = store.path('tmp', name);
    const age = now - ((await stat(path).catch(() => undefined))?.mtimeMs ?? now);
    if (age < scratchGraceMs || isAlive(Number(name.split('-')[0]))) continue;
    await rm(path, { recursive: true, force: true });
    swept += 1;
  }
  return swept;
}

/**
 * Returns the path of an entry, making it first if absent: `make` writes to a scratch path which is renamed into place,
 * so that an entry is either whole or absent, however the process ended.
 */
export async function ensureEntry(
  store: Store,
  room: Room,
  name: string,
  make: (target: string) => Promise<void>,
): Promise<string> {
  const path = store.path(room, name);
  if (await exists(path)) return path;
  await withScratch(store, async (folder) => {
    const target = join(folder, 'entry');
    await make(target);
    await mkdir(dirname(path), { recursive: true });
    await rename(target, path);
  });
  return path;
}
