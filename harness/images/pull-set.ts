import type { Component } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import type { BuildContext } from './context.ts';
import type { ImagesOfSet, SetImage } from './image-set.ts';
import { keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { pulledReferences, type PulledReference } from './references.ts';
import { parseRegistry, pull } from './registry.ts';
import { ensureEntry } from './store.ts';

/** What is pulled, and from which mirror. */
export interface PullOptions {
  readonly registry?: string;
  readonly components: readonly Component[];
  readonly progress: Progress;
}

/** Pulls a set from the projects' registries or from a mirror. @throws OrdealError IMAGE_BUILD naming the pull that failed. */
export async function pullSet(context: BuildContext, options: PullOptions): Promise<ImagesOfSet> {
  const registry = options.registry === undefined ? undefined : parseRegistry(options.registry);
  const wanted = pulledReferences(options.components, registry);
  const node = wanted.find(({ role }) => role === 'node');
  if (node === undefined) throw new OrdealError('IMAGE_BUILD', 'the set names no node image');
  // The node keeps the name it was pulled by: two runs with different mirrors must not fight over one tag.
  const nodeDigest = await options.progress.step(`pull ${node.from}`, () => pull(context.run, node.from, node.from));
  const images: SetImage[] = [];
  for (const one of wanted.filter(({ role }) => role === 'load')) {
    images.push(await options.progress.step(`pull ${one.from}`, () => pullOne(context, one)));
  }
  return { nodeImage: node.from, nodeDigest, images };
}

async function pullOne(context: BuildContext, { from, reference }: PulledReference): Promise<SetImage> {
  const digest = await pull(context.run, from, reference);
  return { reference, digest, inNode: false, archive: await save(context, reference, digest) };
}

/** kind and ctr read archives, not Docker's store: each image is saved once. */
function save(context: BuildContext, reference: string, digest: string): Promise<string> {
  const name = `${keyOf({ reference, digest })}.tar`;
  return withLock(context.store, `archive-${name}`, () =>
    ensureEntry(context.store, 'archives', name, async (target) => {
      await context.run('docker save', ['docker', 'save', '--output', target, reference]);
    }),
  );
}
