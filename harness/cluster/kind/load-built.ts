import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Component } from '../../../clusters/component.ts';
import type { StepReport } from '../../base/progress.ts';
import { writeArchive } from '../../images/archive.ts';
import { buildOne } from '../../images/build.ts';
import { hostContext } from '../../images/context.ts';
import { loadImages } from './load-images.ts';

/**
 * Builds a component's images, unless the cache holds them, and puts them into nodes that run already; `as` is the name
 * they get there, where it is not their own. @throws OrdealError IMAGE_BUILD, CLUSTER.
 */
export async function loadBuilt(
  component: Component,
  nodes: readonly string[],
  { report, signal, as }: { readonly report: StepReport; readonly signal?: AbortSignal; readonly as?: string },
): Promise<void> {
  const context = hostContext({ report });
  const images = (await buildOne(context, component)).map(({ tag, record }) => ({ tag: as ?? tag, record }));
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-image-'));
  try {
    const archive = join(folder, 'images.tar');
    await writeArchive(context, images, archive);
    const reference = images.map(({ tag }) => tag).join(', ');
    await loadImages(nodes, [{ reference, archive }], report, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
