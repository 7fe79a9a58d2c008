import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { OrdealError } from '../harness/base/errors.ts';
import { sourceExtension } from '../harness/base/paths.ts';
import type { Product } from './product.ts';

/** The part of a product that is told without being used; the compiler holds the rest where the file says its type. */
const Declared = z.looseObject({
  kind: z.string(),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words with dashes'),
  version: z.string().min(1),
  components: z.array(z.looseObject({ name: z.string() })),
  install: z.array(z.looseObject({ source: z.looseObject({ component: z.string() }) })),
});

/**
 * Returns the products that the files of a folder declare, by name: each file exports one as `product`, and is called
 * after it. @throws OrdealError USAGE naming the file that declares none, or one of another kind or name.
 */
export async function discover<P extends Product>(folder: string, kind: P['kind']): Promise<readonly P[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(sourceExtension) && !file.includes('.test.'));
  return Promise.all(files.toSorted().map((file) => productOf<P>(join(folder, file), kind)));
}

async function productOf<P extends Product>(file: string, kind: P['kind']): Promise<P> {
  const { product } = (await import(pathToFileURL(file).href)) as { readonly product?: unknown };
  const parsed = Declared.safeParse(product);
  if (!parsed.success) throw unusable(file, z.prettifyError(parsed.error));
  if (!isOf<P>(product, kind)) throw unusable(file, `it is a ${parsed.data.kind}, not a ${kind}`);
  if (!file.endsWith(`/${product.name}${sourceExtension}`)) throw unusable(file, `it declares ${product.name}`);
  return product;
}

const isOf = <P extends Product>(product: unknown, kind: P['kind']): product is P =>
  typeof product === 'object' && product !== null && 'kind' in product && product.kind === kind;

function unusable(file: string, why: string): OrdealError {
  return new OrdealError('USAGE', `reading the product of ${file} failed: ${why}`, {
    remedy: 'export one as `product`, of the kind of its folder, in a file called after its name',
  });
}
