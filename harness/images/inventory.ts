import { readdir, stat } from 'node:fs/promises';
import type { CniName, MeshName } from '../../clusters/names.ts';
import { componentsFor } from '../../clusters/components/index.ts';
import type { Component } from '../../clusters/component.ts';
import { hostContext, type BuildContext } from './context.ts';
import { baseKey } from './debian-root.ts';
import { binariesKey } from './go-build.ts';
import { imageKey } from './image-key.ts';
import { nodeEntry, nodeKey } from './node-image.ts';
import { readRecord, type ImageRecord } from './record.ts';
import { exists } from './store.ts';

/** One image of the declarations, and whether the cache has it. `bytes` counts layers, shared ones each time. */
export interface InventoryLine {
  readonly component: string;
  readonly version: string;
  readonly reference: string;
  readonly built: boolean;
  readonly digest: string | undefined;
  readonly bytes: number;
}

/** Returns every declared image in declaration order. */
export async function list(context: BuildContext = hostContext()): Promise<readonly InventoryLine[]> {
  const lines = context.components.map(async (component) => {
    const images = Object.entries(component.images ?? {});
    return Promise.all(images.map(([reference]) => line(context, component, reference)));
  });
  return (await Promise.all(lines)).flat();
}

async function line(context: BuildContext, component: Component, reference: string): Promise<InventoryLine> {
  const record = await recordOf(context, component, reference);
  const sizes = await Promise.all((record?.layers ?? []).map((layer) => sizeOf(context, layer)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const { name, version } = component;
  return { component: name, version, reference, built: record !== undefined, digest: record?.digest, bytes };
}

const sizeOf = async (context: BuildContext, layer: string): Promise<number> =>
  (await stat(context.store.path('layers', `${layer}.tar`))).size;

/** Returns the cached record of a declared image, or undefined. */
export async function recordOf(
  context: BuildContext,
  component: Component,
  reference: string,
): Promise<ImageRecord | undefined> {
  const layout = component.images?.[reference];
  if (layout === undefined) return undefined;
  return readRecord(context.store, await imageKey(context, component, reference, layout));
}

/** What of the cache belongs to a set of components: entry names per room. */
export interface Belongings {
  readonly bin: readonly string[];
  readonly images: readonly ImageRecord[];
  readonly modules: readonly string[];
  readonly roots: readonly string[];
}

/** Returns what the cache holds of the set of one CNI and mesh, its node image included. */
export async function belongings(
  context: BuildContext,
  choice: { readonly cni: CniName; readonly mesh: MeshName },
): Promise<Belongings> {
  const components = componentsFor(choice);
  const bin = await Promise.all(
    components.filter(({ go }) => go !== undefined).map(async (c) => `${c.name}-${await binariesKey(context, c)}`),
  );
  const images = (await Promise.all(components.map((component) => recordsOf(context, component)))).flat();
  const node = await nodeRecord(context, components, images);
  const base = await readRecord(context.store, `debian-${baseKey(context)}`);
  const extra = [node, base].filter((record) => record !== undefined);
  const modules = await modulesOf(context, components);
  return { bin, images: [...images, ...extra], modules, roots: [`debian-${baseKey(context)}`] };
}

async function recordsOf(context: BuildContext, component: Component): Promise<readonly ImageRecord[]> {
  const records = Object.keys(component.images ?? {}).map((reference) => recordOf(context, component, reference));
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

async function nodeRecord(
  context: BuildContext,
  components: readonly Component[],
  images: readonly ImageRecord[],
): Promise<ImageRecord | undefined> {
  const component = components.find(({ role }) => role === 'node');
  const bare = images.find((record) => record.component === component?.name);
  if (component === undefined || bare === undefined || bare.reference !== nodeEntry(component)[0]) return undefined;
  const held = images.filter((record) => record !== bare).map((record) => ({ tag: record.reference, record }));
  return readRecord(context.store, nodeKey(bare, held));
}

/** Manifests are cached under `<component>-<key>`; every version of a component's is small, so all are taken. */
async function modulesOf(context: BuildContext, components: readonly Component[]): Promise<readonly string[]> {
  if (!(await exists(context.store.path('modules')))) return [];
  const names = await readdir(context.store.path('modules'));
  return names.filter((name) => components.some((component) => name.startsWith(`${component.name}-`)));
}
