import { products } from '../../clusters/index.ts';
import type { Product } from '../../clusters/product.ts';
import type { HostCheck } from './host-check.ts';
import type { Host } from './host.ts';
import { kernelConfig } from './kernel.ts';

/** Returns, by product, whether this kernel has what it says it needs; nothing where the kernel's configuration cannot be read. */
export async function checkProducts(
  host: Host,
  known: readonly Pick<Product, 'kind' | 'name' | 'title' | 'kernel'>[] = products,
): Promise<readonly HostCheck[]> {
  const config = await kernelConfig(host);
  if (config === undefined) return [];
  const has = (option: string) => new RegExp(`^${option}=[ym]$`, 'm').test(config);
  return known.flatMap(({ kind, name, title, kernel = [] }): HostCheck[] => {
    if (kernel.length === 0) return [];
    const missing = kernel.filter(({ option }) => !has(option));
    const check = { id: `${kind}-${name}`, title: `kernel for ${title}`, neededBy: 'nothing' } as const;
    if (missing.length === 0) return [{ ...check, state: 'ok', found: 'all it needs is there' }];
    const found = missing.map(({ option, why }) => `${option} is not set (${why})`).join('; ');
    return [{ ...check, state: 'warn', found, remedy: `use another ${kind}, or a kernel with these` }];
  });
}
