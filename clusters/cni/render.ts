import type { KubeObject } from '../../harness/kube/types.ts';
import { adapt, readSource, type RenderContext, type RenderTools } from '../render.ts';
import type { CniSpec } from './types.ts';

/**
 * Returns the objects to apply for a CNI: upstream's own, read from the published module, with the spec's documented
 * overrides and this cluster's images and labels. Throws ENVIRONMENT (module unavailable) or IMAGE_BUILD (unreadable).
 */
export async function renderCni(spec: CniSpec, context: RenderContext, tools: RenderTools): Promise<KubeObject[]> {
  const objects = await readSource(spec.source, spec.values?.(context) ?? {}, context, tools);
  const { override = (object: KubeObject) => object } = spec;
  return adapt(
    objects.map((object) => override(object, context)),
    context,
  );
}
