import { z } from 'zod';
import type { Resources } from './resources.ts';
import type { Transport } from './transport.ts';
import type { KubeObject, ListQuery } from './types.ts';

const Items = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional(), resourceVersion: z.string().default('') }).prefault({}),
  items: z.array(z.looseObject({ metadata: z.looseObject({}) })),
});

export interface Listed {
  readonly items: KubeObject[];
  readonly resourceVersion: string;
}

/**
 * Returns the objects of a collection, read `limit` at a time (0: all at once), and its version. @throws KubeError, of status
 * 410 where the place of the next page is lost.
 */
export async function listPages(
  transport: Transport,
  resources: Resources,
  { apiVersion, kind, namespace, labelSelector }: ListQuery,
  limit: number,
): Promise<Listed> {
  const path = await resources.path({ apiVersion, kind, namespace });
  const what = describeCollection({ kind, namespace });
  const all: KubeObject[] = [];
  let resourceVersion = '';
  for (let next: string | undefined = ''; next !== undefined;) {
    const query = new URLSearchParams({ limit: String(limit), continue: next });
    if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
    const body = await transport.json({ method: 'GET', path: `${path}?${query.toString()}`, verb: 'list', what });
    const page = Items.parse(body);
    // Items of a list come without these two fields.
    all.push(...page.items.map((item) => ({ ...item, apiVersion, kind })));
    resourceVersion = page.metadata.resourceVersion;
    next = page.metadata.continue === '' ? undefined : page.metadata.continue;
  }
  return { items: all, resourceVersion };
}

/** Returns `Pod objects in NAMESPACE`. */
export function describeCollection({ kind, namespace }: Pick<ListQuery, 'kind' | 'namespace'>): string {
  return `${kind} objects${namespace === undefined ? '' : ` in ${namespace}`}`;
}
