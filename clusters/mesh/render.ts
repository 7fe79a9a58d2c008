import { OrdealError } from '../../harness/base/errors.ts';
import type { KubeObject } from '../../harness/kube/types.ts';
import { adapt, readSource, type RenderContext, type RenderTools } from '../render.ts';
import type { MeshSpec } from './types.ts';

/**
 * Returns the objects to apply for a mesh, namespace first. Images of injected sidecars are chart values, not objects,
 * so the charts are given mapped references and only labels and pull policy are adapted afterwards.
 * Throws ENVIRONMENT (module or chart unavailable) or IMAGE_BUILD (unreadable).
 */
export async function renderMesh(spec: MeshSpec, context: RenderContext, tools: RenderTools): Promise<KubeObject[]> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: spec.namespace } };
  const objects = [namespace];
  for (const { source, values } of spec.charts) {
    objects.push(...(await readSource(source, values(context), context, tools)));
  }
  return adapt(objects, { ...context, imageRef: undefined });
}

/** Throws ENVIRONMENT when the mesh cannot be had from this image source, with the reason its spec declares. */
export function assertAvailable(spec: MeshSpec, images: 'registry' | 'source'): void {
  const reason = spec.unavailable?.[images];
  if (reason === undefined) return;
  throw new OrdealError('ENVIRONMENT', `mesh ${spec.name} is unavailable with --images ${images}: ${reason}`, {
    remedy: 'use --mesh istio, or run without a mesh',
  });
}
