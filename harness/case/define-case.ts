import type { Feature } from '../cluster/types.ts';
import type { CaseDefinition, Need } from './types.ts';

type Optional = 'tags' | 'needs' | 'tier' | 'exclusive' | 'world';

/** Tag of a case that puts together what other cases show one by one. */
export const combination = 'combination';

/** Returns a frozen case with defaults filled in: tier core, no tags, no needs, not exclusive, own namespaces. */
export function defineCase(
  definition: Omit<CaseDefinition, Optional> & Partial<Pick<CaseDefinition, Optional>>,
): CaseDefinition {
  return Object.freeze({ tier: 'core', tags: [], needs: [], exclusive: false, world: 'own', ...definition });
}

/** Returns the requirement "the cluster has `feature`". */
export function feature(name: Feature, because?: string): Need {
  return because === undefined ? { feature: name } : { feature: name, because };
}
