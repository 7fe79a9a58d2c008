import { OrdealError } from '../errors.ts';
import type { BuildContext } from './context.ts';
import { pulledReferences, type EnsureOptions, type ImageSet, type SetImage } from './ensure.ts';
import { keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { parseRegistry, pull } from './registry.ts';
import { ensureEntry } from './store.ts';

/** Pulls a set from the projects' registries or from a mirror. Throws IMAGE_BUILD naming the pull that failed. */
export async function pullSet(
  context: BuildContext,
  options: EnsureOptions,
): Promise<Omit<ImageSet, 'source' | 'why'>> {
  const registry = options.registry === undefined ? undefined : parseRegistry(options.registry);
  const wanted = pulledReferences(options.components, registry);
  const images: SetImage[] = [];
  let node: { tag: string; digest: string } | undefined;
  for (const { from, reference, role } of wanted) {
    await options.progress.step(`pull ${from}`, async () => {
      const digest = await pull(context.run, from, reference);
      if (role === 'node') node = { tag: reference, digest };
      else images.push({ reference, digest, inNode: false, archive: await save(context, reference, digest) });
    });
  }
  if (node === undefined) throw new OrdealError('IMAGE_BUILD', 'the set names no node image');
  return { nodeImage: node.tag, nodeDigest: node.digest, images };
}

/** kind and ctr read archives, not Docker's store: each image is saved once. */
function save(context: BuildContext, reference: string, digest: string): Promise<string> {
  const name = `${keyOf({ reference, digest })}.tar`;
  return withLock(context.store, `archive-${name}`, () =>
    ensureEntry(context.store, 'archives', name, async (target) => {
      await context.run('registry', ['docker', 'save', '--output', target, reference]);
    }),
  );
}
