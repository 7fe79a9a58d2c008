import type { Feature } from '../cluster/types.ts';
import type { CaseDefinition, Need } from './types.ts';

type Optional = 'tags' | 'needs' | 'tier' | 'exclusive' | 'waits' | 'world';

/** Returns a frozen case with defaults filled in: tier core, no tags, no needs, not exclusive, no waiter, own namespaces. */
export function defineCase(
  definition: Omit<CaseDefinition, Optional> & Partial<Pick<CaseDefinition, Optional>>,
): CaseDefinition {
  const defaults = { tier: 'core', tags: [], needs: [], exclusive: false, waits: false, world: 'own' } as const;
  return Object.freeze({ ...defaults, ...definition });
}

/** Returns the requirement "the cluster has `feature`". */
export function feature(name: Feature, because?: string): Need {
  return because === undefined ? { feature: name } : { feature: name, because };
}
