import type { Feature } from '../../clusters/names.ts';
import type { CaseDefinition, Need } from './types.ts';

type Optional = 'tags' | 'needs' | 'tier' | 'exclusive' | 'mostlyIdle' | 'uses';

/** Returns a frozen case with defaults: tier core, no tags, no needs, no fixtures, not exclusive, mostly idle where it has an idle load. */
export function defineCase(
  definition: Omit<CaseDefinition, Optional> & Partial<Pick<CaseDefinition, Optional>>,
): CaseDefinition {
  const flags = { exclusive: false, mostlyIdle: definition.idleLoad !== undefined };
  return Object.freeze({ tier: 'core', tags: [], needs: [], uses: [], ...flags, ...definition });
}

/** Returns the requirement "the cluster has `feature`". */
export function feature(name: Feature, because?: string): Need {
  return because === undefined ? { feature: name } : { feature: name, because };
}
