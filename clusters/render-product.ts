import { OrdealError } from '../harness/base/errors.ts';
import type { KubeObject } from '../harness/kube/types.ts';
import type { Product } from './product.ts';
import { adapt, readSource, type RenderContext, type RenderTools } from './render.ts';

type Installable = Pick<Product, 'namespace' | 'install'>;

/**
 * Returns the objects to apply for a product, its namespace first: upstream's own, read from the published module, with
 * the product's documented overrides and this cluster's images and labels. Charts may carry images in values (those of
 * injected proxies), so values get mapped references, and what came out of them is not mapped again.
 * @throws OrdealError ENVIRONMENT (module or chart unavailable) or IMAGE_BUILD (unreadable).
 */
export async function renderProduct(
  { namespace, install }: Installable,
  context: RenderContext,
  tools: RenderTools,
): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  if (namespace !== undefined) objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const given = new Set<string>();
  const imageRef = (reference: string) => remember(given, context.imageRef?.(reference) ?? reference);
  for (const { source, values, override = (object: KubeObject) => object } of install) {
    const rendered = await readSource(source, values?.({ ...context, imageRef }) ?? {}, context, tools);
    objects.push(...rendered.map((object) => override(object, context)));
  }
  const mapped = (reference: string) =>
    given.has(reference) ? reference : (context.imageRef?.(reference) ?? reference);
  return adapt(objects, { ...context, imageRef: mapped });
}

function remember(given: Set<string>, reference: string): string {
  given.add(reference);
  return reference;
}

/** @throws OrdealError ENVIRONMENT when the product cannot be had from this image source, with the declared reason. */
export function assertAvailable(product: Product, images: 'registry' | 'source', others: readonly Product[]): void {
  const reason = product.unavailable?.[images];
  if (reason === undefined) return;
  const instead = others.filter((one) => one.kind === product.kind && one.unavailable?.[images] === undefined);
  const names = instead.map(({ kind, name }) => `--${kind} ${name}`).join(' or ');
  throw new OrdealError(
    'ENVIRONMENT',
    `${product.kind} ${product.name} is unavailable with --images ${images}: ${reason}`,
    { remedy: `use ${names}, or run without a ${product.kind}` },
  );
}
