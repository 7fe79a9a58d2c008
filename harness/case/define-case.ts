import type { Feature } from '../../clusters/names.ts';
import type { CaseDefinition, Need } from './types.ts';

type Optional = 'tags' | 'needs' | 'tier' | 'exclusive' | 'waits' | 'world' | 'fleet';

/**
 * Returns a frozen case with defaults: tier core, no tags, no needs, not exclusive, no waiter, own namespaces, the whole
 * fleet.
 */
export function defineCase(
  definition: Omit<CaseDefinition, Optional> & Partial<Pick<CaseDefinition, Optional>>,
): CaseDefinition {
  const flags = { exclusive: false, waits: false, fleet: 'whole' } as const;
  return Object.freeze({ tier: 'core', tags: [], needs: [], world: 'own', ...flags, ...definition });
}

/** Returns the requirement "the cluster has `feature`". */
export function feature(name: Feature, because?: string): Need {
  return because === undefined ? { feature: name } : { feature: name, because };
}
