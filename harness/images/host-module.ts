import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { componentNamed, hostContext, type BuildContext } from './context.ts';
import { products } from '../../clusters/index.ts';
import { goOf, moduleFolder, moduleTree } from './go-build.ts';
import { hashTree, keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { ensureEntry, exists } from './store.ts';

/** Returns the top folders of a module that products are installed from; the rest is source code nobody reads here. */
function foldersOf(component: string, module: string): string[] {
  const sources = products.flatMap(({ install }) => install.map(({ source }) => source));
  const own = sources.filter((source) => source.component === component && source.module === module);
  return [...new Set(own.map(({ path }) => path.split('/')[0] ?? path))].toSorted();
}

/** Returns the cache key of a module's manifests. */
export async function moduleKey(context: BuildContext, component: string, module: string): Promise<string> {
  const sources = await hashTree(moduleFolder(context, goOf(componentNamed(context, component))));
  return `${component}-${keyOf({ module, sources, kept: foldersOf(component, module) })}`;
}

/**
 * Returns a folder with the manifests and charts of a published Go module, at the version the component's go.mod
 * requires. Cached, so that they are also there where no Go and no proxy is (an imported set). @throws OrdealError IMAGE_BUILD.
 */
export async function hostModule(
  component: string,
  module: string,
  context: BuildContext = hostContext(),
): Promise<string> {
  const key = await moduleKey(context, component, module);
  const ready = context.store.path('modules', key);
  if (await exists(ready)) return ready;
  return withLock(context.store, `module-${key}`, () =>
    ensureEntry(context.store, 'modules', key, (target) => copyManifests(context, { component, module, target })),
  );
}

async function copyManifests(
  context: BuildContext,
  { component, module, target }: { component: string; module: string; target: string },
): Promise<void> {
  const tree = await moduleTree(context, component, module);
  await mkdir(target, { recursive: true });
  for (const name of foldersOf(component, module)) {
    if (await exists(join(tree, name))) await cp(join(tree, name), join(target, name), { recursive: true });
  }
  // Go keeps its modules read-only, which would keep `prune` from removing the copy.
  await context.run(component, ['chmod', '-R', 'u+w', target]);
}
