import { mkdir, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { debianPrune } from '../../clusters/components/base.ts';
import type { Component, ImageLayout } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import { inRoot } from './chroot.ts';
import type { BuildContext } from './context.ts';
import { baseKey, ensureBaseRoot, installRoot } from './debian-root.ts';
import { placeAll, prefetch } from './files.ts';
import { imageKey } from './image-key.ts';
import { packLayer } from './layer.ts';
import { withLock } from './lock.ts';
import { imageConfig, readRecord, writeRecord, type ImageRecord } from './record.ts';
import { ensureEntry, withScratch } from './store.ts';

/** An image to build: the component that owns it, the reference manifests use, its layout. */
export interface ImagePlan {
  readonly component: Component;
  readonly reference: string;
  readonly layout: ImageLayout;
}

/** Returns the record of an image, building what the cache lacks. @throws OrdealError IMAGE_BUILD naming component and command. */
export async function ensureImage(context: BuildContext, plan: ImagePlan): Promise<ImageRecord> {
  const key = await imageKey(context, plan.component, plan.reference, plan.layout);
  const ready = await readRecord(context.store, key);
  if (ready !== undefined) return ready;
  await prefetch(context, plan.component.name, plan.layout);
  return withLock(context.store, `image-${key}`, async () => {
    const made = await readRecord(context.store, key);
    return made ?? build(context, plan, key);
  });
}

async function build(context: BuildContext, plan: ImagePlan, key: string): Promise<ImageRecord> {
  const layers = await withScratch(context.store, (scratch) => layersOf(context, plan, scratch));
  const config = imageConfig(plan.layout, context.arch, layers);
  const digest = createHash('sha256').update(config).digest('hex');
  const { reference, component } = plan;
  const record = { reference, component: component.name, key, digest: `sha256:${digest}`, layers, config };
  await rm(context.store.path('images', `${key}.json`), { force: true });
  await ensureEntry(context.store, 'images', `${key}.json`, (target) => writeRecord(target, record));
  return record;
}

async function layersOf(context: BuildContext, plan: ImagePlan, scratch: string): Promise<string[]> {
  const root = join(scratch, 'root');
  context.report(`${plan.component.name}: assembling ${plan.reference}`);
  if (plan.layout.base === 'debian') return debianLayers(context, plan, root, join(scratch, 'side'));
  await mkdir(root, { mode: 0o755 });
  await placeAll(context, plan.component.name, plan.layout, root);
  const prune = plan.layout.prune ?? [];
  return [await whole(context, { component: plan.component.name, root, prune, rootOwned: true })];
}

async function debianLayers(context: BuildContext, plan: ImagePlan, root: string, side: string): Promise<string[]> {
  const { layout, component } = plan;
  await installRoot(context, component.name, layout.packages ?? [], root);
  await placeAll(context, component.name, layout, root);
  if (layout.setup !== undefined) {
    await inRoot(context, component.name, { root, side }, layout.setup.join('\n'));
  }
  const prune = [...debianPrune, ...(layout.prune ?? []).map((path) => path.replace(/^\//, ''))];
  const base = await ensureBaseRoot(context);
  const input = { component: component.name, root, prune, rootOwned: false };
  const difference = await packLayer(context, { ...input, base });
  if (difference === undefined) return [await whole(context, input)];
  return [await baseLayer(context), difference];
}

/** The bare root as a layer: once in the cache, once in every node, under every Debian image. */
async function baseLayer(context: BuildContext): Promise<string> {
  const key = `debian-${baseKey(context)}`;
  return withLock(context.store, `layer-${key}`, async () => {
    const known = await readRecord(context.store, key);
    const [layer] = known?.layers ?? [];
    if (layer !== undefined) return layer;
    const root = await ensureBaseRoot(context);
    const made = await whole(context, { component: 'debian', root, prune: debianPrune, rootOwned: false });
    const record = {
      reference: 'debian',
      component: 'debian',
      key,
      digest: `sha256:${made}`,
      layers: [made],
      config: '{}',
    };
    await rm(context.store.path('images', `${key}.json`), { force: true });
    await ensureEntry(context.store, 'images', `${key}.json`, (target) => writeRecord(target, record));
    return made;
  });
}

async function whole(context: BuildContext, input: Parameters<typeof packLayer>[1]): Promise<string> {
  const layer = await packLayer(context, input);
  if (layer !== undefined) return layer;
  throw new OrdealError('IMAGE_BUILD', `packing ${input.component} gave no layer`);
}
