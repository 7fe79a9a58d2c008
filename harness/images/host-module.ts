import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { componentNamed, hostContext, type BuildContext } from './context.ts';
import { goOf, moduleFolder, moduleTree } from './go-build.ts';
import { hashTree, keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { ensureEntry, exists } from './store.ts';

/** Top folders in which projects keep manifests and charts. The rest of a module is source code nobody reads here. */
const kept = ['manifests', 'charts', 'chart', 'install', 'Documentation'];

/** Returns the cache key of a module's manifests. */
export async function moduleKey(context: BuildContext, component: string, module: string): Promise<string> {
  const sources = await hashTree(moduleFolder(context, goOf(componentNamed(context, component))));
  return `${component}-${keyOf({ module, sources, kept })}`;
}

/**
 * Returns a folder with the manifests and charts of a published Go module, at the version the component's go.mod
 * requires. Cached, so that they are also there where no Go and no proxy is (an imported set). Throws IMAGE_BUILD.
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
  for (const name of kept) {
    if (await exists(join(tree, name))) await cp(join(tree, name), join(target, name), { recursive: true });
  }
  // Go keeps its modules read-only, which would keep `prune` from removing the copy.
  await context.run(component, ['chmod', '-R', 'u+w', target]);
}
