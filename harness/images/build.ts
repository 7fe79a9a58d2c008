import type { Component } from '../../clusters/component.ts';
import type { Progress } from '../base/progress.ts';
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
 * Builds these components and returns their images (the node image is still bare: what it holds depends on the set). What the cache holds costs nothing. Independent components overlap; each is a step of its own.
 * A failure is thrown (IMAGE_BUILD) after the running ones ended, so that what they made is kept.
 */
export async function build(components: readonly Component[], options: BuildOptions): Promise<readonly NamedImage[]> {
  const context = options.context ?? hostContext();
  const outcomes = await Promise.allSettled(
    components.map((component) =>
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
  // A component with images needs its binaries only inside them; one without is a tool of this machine.
  if (images.length === 0 && component.go !== undefined) await ensureBinaries(context, component);
  return Promise.all(images);
}
