import { chmod, cp, lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileSource, ImageFile, ImageLayout } from '../../clusters/component.ts';
import { componentNamed, type BuildContext } from './context.ts';
import { debianTree, npmTree, wheelTree } from './fetch.ts';
import { ensureBinaries, moduleTree } from './go-build.ts';

/** Returns where a declared file is on this machine, building or downloading it first. `text` has no such place. */
async function locate(
  context: BuildContext,
  owner: string,
  source: Exclude<FileSource, { from: 'text' }>,
): Promise<string> {
  switch (source.from) {
    case 'binary':
      return join(await ensureBinaries(context, componentNamed(context, source.component)), source.binary);
    case 'module':
      return join(await moduleTree(context, source.component, source.module), source.path);
    case 'repo':
      return join(context.clusters, source.path);
    case 'wheel':
      return join(await wheelTree(context, owner, source), source.path);
    case 'npm':
      return join(await npmTree(context, owner, source), source.path);
    case 'debian':
      return join(await debianTree(context, owner, source), source.path);
  }
}

/** Builds or downloads every file of a layout, so that placing them later is only copying. */
export async function prefetch(context: BuildContext, owner: string, layout: ImageLayout): Promise<void> {
  await Promise.all(
    layout.files.map(async ({ source }) => (source.from === 'text' ? undefined : locate(context, owner, source))),
  );
}

/** Puts a layout's directories, files and links into a root folder. @throws OrdealError IMAGE_BUILD. */
export async function placeAll(context: BuildContext, owner: string, layout: ImageLayout, root: string): Promise<void> {
  for (const path of layout.directories ?? []) await mkdir(join(root, path), { recursive: true, mode: 0o755 });
  for (const file of layout.files) await place(context, owner, file, join(root, file.to));
  for (const [link, target] of Object.entries(layout.links ?? {})) {
    await mkdir(dirname(join(root, link)), { recursive: true });
    await rm(join(root, link), { force: true });
    await symlink(target, join(root, link));
  }
}

async function place(context: BuildContext, owner: string, file: ImageFile, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const mode = file.mode ?? (file.source.from === 'binary' ? 0o755 : 0o644);
  if (file.source.from === 'text') {
    await writeFile(to, file.source.text);
    await chmod(to, mode); // `writeFile`'s mode goes through the umask
  } else await copyInto(await locate(context, owner, file.source), to, mode);
}

/**
 * Copies a file, or merges a directory into what is there. Module trees are read-only and unpacked under someone's
 * umask, so the modes of what is copied are set, not inherited; what was there already keeps its own.
 */
async function copyInto(from: string, to: string, mode: number): Promise<void> {
  const stats = await lstat(from);
  if (stats.isDirectory()) {
    await mkdir(to, { recursive: true, mode: 0o755 });
    for (const name of await readdir(from)) await copyInto(join(from, name), join(to, name), mode);
    return;
  }
  await cp(from, to, { force: true, verbatimSymlinks: true });
  if (!stats.isSymbolicLink()) await chmod(to, mode);
}
