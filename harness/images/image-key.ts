import { join } from 'node:path';
import { debianPrune } from '../../clusters/components/base.ts';
import type { Component, FileSource, ImageLayout } from '../../clusters/component.ts';
import { componentNamed, type BuildContext } from './context.ts';
import { baseKey } from './debian-root.ts';
import { binariesKey, moduleFolder } from './go-build.ts';
import { hashTree, keyOf, sha256Of } from './key.ts';
import { builderVersion } from './store.ts';

/** Raised when images of an unchanged declaration come out different. */
const assembly = 4;

/**
 * Returns the content key of an image: its layout, the keys of all it is made from, architecture and builder. What
 * Debian serves under a name is not part of it: a rebuilt mirror does not rebuild images, `prune` does.
 */
export async function imageKey(
  context: BuildContext,
  component: Component,
  reference: string,
  layout: ImageLayout,
): Promise<string> {
  const inputs = await Promise.all(layout.files.map(({ source }) => inputKey(context, source)));
  const base = layout.base === 'debian' ? { base: baseKey(context), debianPrune } : {};
  return keyOf({ builderVersion, assembly, arch: context.arch, name: component.name, reference, layout, inputs, base });
}

async function inputKey(context: BuildContext, source: FileSource): Promise<unknown> {
  switch (source.from) {
    case 'binary':
      return binariesKey(context, componentNamed(context, source.component));
    case 'module':
      return moduleKey(context, source.component);
    case 'repo':
      return repoKey(join(context.clusters, source.path));
    default:
      return source;
  }
}

async function moduleKey(context: BuildContext, name: string): Promise<unknown> {
  const { go } = componentNamed(context, name);
  return go === undefined ? undefined : hashTree(moduleFolder(context, go));
}

const repoKey = (path: string): Promise<unknown> => sha256Of(path).catch(() => hashTree(path));
