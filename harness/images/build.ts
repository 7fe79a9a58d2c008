import type { Component } from '../../clusters/component.ts';
import type { Progress } from '../progress.ts';
import type { NamedImage } from './archive.ts';
import { hostContext, type BuildContext } from './context.ts';
import { ensureBinaries } from './go-build.ts';
import { ensureImage } from './image-build.ts';

/** Options of a build; `context` is a seam for tests. */
export interface BuildOptions {
  readonly progress: Progress;
  readonly context?: BuildContext;
}

/**
 * Builds these components (binaries and images, but not the node image, whose content depends on the others) and
 * returns the images. What the cache holds costs nothing. Independent components overlap; each is a step of its own.
 * A failure is thrown (IMAGE_BUILD) after the running ones ended, so that what they made is kept.
 */
export async function build(components: readonly Component[], options: BuildOptions): Promise<readonly NamedImage[]> {
  const context = options.context ?? hostContext();
  const parts = components.filter((component) => component.role !== 'node');
  const outcomes = await Promise.allSettled(
    parts.map((component) =>
      options.progress.step(`build ${component.name} ${component.version}`, (report) =>
        buildOne({ ...context, report }, component),
      ),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

/** Builds one component. */
export async function buildOne(context: BuildContext, component: Component): Promise<readonly NamedImage[]> {
  const images = Object.entries(component.images ?? {}).map(async ([reference, layout]) => ({
    tag: reference,
    record: await ensureImage(context, { component, reference, layout }),
  }));
  const binaries = component.go === undefined ? [] : [ensureBinaries(context, component)];
  const [built] = await Promise.all([Promise.all(images), Promise.all(binaries)]);
  return built;
}
