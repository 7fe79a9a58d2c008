import type { Component } from '../../clusters/component.ts';
import { hostContext, type BuildContext } from './context.ts';
import { dockerLoad } from './archive.ts';
import type { ImageSet } from './image-set.ts';
import { recordOf } from './inventory.ts';
import { pulledReferences } from './references.ts';
import { mirrored, parseRegistry } from './registry.ts';

/**
 * Pushes a source-built set to a registry (`HOST[:PORT][/PREFIX]`) under the names registry mode pulls from it, so that
 * one machine builds and many pull. Returns the references pushed. @throws OrdealError IMAGE_BUILD naming the push that failed.
 */
export async function pushSet(
  options: { readonly registry: string; readonly set: ImageSet; readonly components: readonly Component[] },
  context: BuildContext = hostContext(),
): Promise<readonly string[]> {
  const registry = parseRegistry(options.registry);
  const pushed: string[] = [];
  for (const { reference, role } of pulledReferences(options.components, registry)) {
    const local = role === 'node' ? options.set.nodeImage : await loaded(context, options.components, reference);
    const target = mirrored(reference, registry);
    await context.run('push', ['docker', 'tag', local, target]);
    await context.run('push', ['docker', 'push', '--quiet', target]);
    pushed.push(target);
  }
  return pushed;
}

/** Images inside the node image are unknown to Docker until they are wanted there. */
async function loaded(context: BuildContext, components: readonly Component[], reference: string): Promise<string> {
  const owner = components.find((component) => component.images?.[reference] !== undefined);
  const record = owner === undefined ? undefined : await recordOf(context, owner, reference);
  if (record !== undefined) await dockerLoad(context, [{ tag: reference, record }]);
  return reference;
}
