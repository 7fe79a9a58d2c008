import type { Component } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import { type Timeouts, timeoutsInForce } from '../base/timeouts.ts';
import { build } from './build.ts';
import { hostContext, type BuildContext } from './context.ts';
import { ensureNodeImage, loadIntoDocker } from './node-image.ts';
import type { ImageSet, ImagesOfSet } from './image-set.ts';
import { pullSet } from './pull-set.ts';
import { pulledReferences } from './references.ts';
import { sweepScratch } from './store.ts';
import { askRegistry, parseRegistry, registryHost, type RegistryAnswer } from './registry.ts';

export type { ImageSet, SetImage } from './image-set.ts';

export type ImageSource = 'auto' | 'registry' | 'source';

export interface EnsureOptions {
  readonly source: ImageSource;
  /** `HOST[:PORT][/PREFIX]`: take everything from this mirror. */
  readonly registry?: string;
  readonly components: readonly Component[];
  readonly progress: Progress;
  readonly timeouts?: Pick<Timeouts, 'registryProbeMs'>;
  readonly context?: BuildContext;
  /** Seam for tests. */
  readonly ask?: typeof askRegistry;
}

/**
 * Returns everything a cluster of these components needs, pulled or built; what is there already costs nothing. @throws
 * OrdealError USAGE (malformed registry), ENVIRONMENT (`registry` asked for, none answers), IMAGE_BUILD.
 */
export async function ensureImages(options: EnsureOptions): Promise<ImageSet> {
  const context = options.context ?? hostContext();
  const { source, why } = await decideSource(options);
  options.progress.note(`images: from ${source} (${why})`);
  if (source === 'registry') return { source, why, ...(await pullSet(context, options)) };
  return { source, why, ...(await sourceSet(context, options)) };
}

/** Returns which source is taken and why. `auto` asks every registry the set would be pulled from, all at once. */
export async function decideSource(
  options: Pick<EnsureOptions, 'source' | 'registry' | 'components' | 'timeouts' | 'ask'>,
): Promise<{ source: 'registry' | 'source'; why: string }> {
  const registry = options.registry === undefined ? undefined : parseRegistry(options.registry);
  if (options.source === 'source') return { source: 'source', why: 'asked for with --images source' };
  const hosts = hostsOf(options.components, registry);
  const timeoutMs = (options.timeouts ?? timeoutsInForce()).registryProbeMs;
  const answers = await Promise.all(hosts.map((host) => (options.ask ?? askRegistry)(host, timeoutMs)));
  const refusal = answers.find((answer) => !answer.usable);
  if (refusal === undefined) return { source: 'registry', why: `${hosts.join(', ')} answered` };
  if (options.source === 'auto') return { source: 'source', why: whyNot(refusal) };
  throw new OrdealError('ENVIRONMENT', `--images registry: ${whyNot(refusal)}`, {
    remedy: 'name a mirror with --registry HOST[/PREFIX], or build with --images source',
  });
}

const whyNot = (answer: RegistryAnswer): string => (answer.usable ? 'it answered' : answer.why);

/** Returns the registries that a set would be pulled from. */
function hostsOf(components: readonly Component[], registry: string | undefined): readonly string[] {
  const references = pulledReferences(components, registry).map(({ from }) => from);
  return [...new Set(references.map(registryHost))];
}

async function sourceSet(context: BuildContext, options: EnsureOptions): Promise<ImagesOfSet> {
  const component = options.components.find(({ role }) => role === 'node');
  if (component === undefined) throw new OrdealError('IMAGE_BUILD', 'the set names no node image');
  await sweepScratch(context.store);
  const built = await build(options.components, { progress: options.progress, context });
  const images = built.filter(({ record }) => record.component !== component.name);
  const node = await options.progress.step('fill node image', async (report) => {
    const made = await ensureNodeImage({ ...context, report }, component, images);
    await loadIntoDocker({ ...context, report }, made);
    return made;
  });
  const inNode = { inNode: true, archive: undefined };
  return {
    nodeImage: node.tag,
    nodeDigest: node.record.digest,
    images: images.map(({ tag, record }) => ({ reference: tag, digest: record.digest, ...inNode })),
  };
}
