import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Component, ImageLayout } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { dockerLoad, type NamedImage } from './archive.ts';
import type { BuildContext } from './context.ts';
import { ensureImage } from './image-build.ts';
import { keyOf } from './key.ts';
import { withLock } from './lock.ts';
import { importScript, packImageStore } from './preload.ts';
import { imageConfig, readRecord, writeRecord, type ImageRecord } from './record.ts';
import { builderVersion, ensureEntry, withScratch } from './store.ts';

/** A node image in the cache: its record, and the tag it gets in Docker (name plus content hash). */
export interface NodeImage {
  readonly tag: string;
  readonly record: ImageRecord;
}

/**
 * Returns the node image with all these images already in its store, building what the cache lacks. One per set of
 * images, so that a cluster starts without loading anything. @throws OrdealError IMAGE_BUILD.
 */
export async function ensureNodeImage(
  context: BuildContext,
  component: Component,
  preload: readonly NamedImage[],
): Promise<NodeImage> {
  const [reference, layout] = nodeEntry(component);
  const bare = await ensureImage(context, { component, reference, layout });
  const sorted = preload.toSorted((a, b) => (a.tag < b.tag ? -1 : 1));
  const key = nodeKey(bare, sorted);
  const record = await withLock(context.store, `image-${key}`, async () => {
    const ready = await readRecord(context.store, key);
    return ready ?? fill(context, { bare, key, layout }, sorted);
  });
  return { tag: nodeTag(reference, key), record };
}

/** Returns the node component's one image. @throws OrdealError IMAGE_BUILD when it declares none. */
export function nodeEntry(component: Component): readonly [reference: string, layout: ImageLayout] {
  const [entry] = Object.entries(component.images ?? {});
  if (entry === undefined) throw new OrdealError('IMAGE_BUILD', `${component.name} declares no image`);
  return entry;
}

/** Returns the content key of a node image that holds these images. */
export function nodeKey(bare: ImageRecord, images: readonly NamedImage[]): string {
  const held = images.map(({ tag, record }) => `${tag} ${record.digest}`).toSorted();
  return keyOf({ builderVersion, importScript, bare: bare.key, held });
}

/** Returns the tag a node image has in Docker: two contents never share one. */
export const nodeTag = (reference: string, key: string): string => `${reference}-${key.slice(0, 12)}`;

async function fill(
  context: BuildContext,
  node: { bare: ImageRecord; key: string; layout: ImageLayout },
  preload: readonly NamedImage[],
): Promise<ImageRecord> {
  const { bare, key, layout } = node;
  const store = await withScratch(context.store, (scratch) => packImageStore(context, bare, preload, scratch));
  const layers = [...bare.layers, store];
  const config = imageConfig(layout, context.arch, layers);
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  const record = { ...bare, key, digest, layers, config };
  await rm(context.store.path('images', `${key}.json`), { force: true });
  await ensureEntry(context.store, 'images', `${key}.json`, (target) => writeRecord(target, record));
  return record;
}

/** Makes Docker know the node image under its tag, loading it only if it does not already. @throws OrdealError IMAGE_BUILD. */
export async function loadIntoDocker(context: BuildContext, image: NodeImage): Promise<void> {
  const inspect = ['docker', 'image', 'inspect', '--format', '{{.Id}}', image.tag] as const;
  const known = await context.run('node', inspect).catch(() => '');
  if (known.trim() === image.record.digest) return;
  context.report(`node: docker load ${image.tag}`);
  await withLock(context.store, `load-${image.record.key}`, () => dockerLoad(context, [image]));
}
