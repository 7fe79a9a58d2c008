import type { Feature } from '../../clusters/names.ts';
import type { FeatureState } from '../cluster/types.ts';
import type { Outcome } from '../events/types.ts';
import type { Need } from './types.ts';

export interface Gap {
  readonly outcome: Extract<Outcome, 'skipped' | 'unsupported'>;
  /** What was found and what was needed, for the report. */
  readonly reason: string;
}

/** Features a CNI or mesh brings or not; the others belong to the machine, the topology or the provider. */
const broughtByNetwork: ReadonlySet<Feature> = new Set<Feature>([
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'Hairpin',
  'HostPort',
  'NodePort',
]);

/**
 * Returns the first requirement the cluster cannot meet, or undefined when the case must run. A feature that is
 * declared but was not observed is no gap: the case runs and shows the breakage, so that a stopped policy agent can
 * never hide behind a skip.
 */
export function firstGap(needs: readonly Need[], features: ReadonlyMap<Feature, FeatureState>): Gap | undefined {
  for (const need of needs) {
    const state = features.get(need.feature);
    if (state?.observed === true || state?.declared === true) continue;
    return { outcome: broughtByNetwork.has(need.feature) ? 'unsupported' : 'skipped', reason: explain(need, state) };
  }
  return undefined;
}

function explain(need: Need, state: FeatureState | undefined): string {
  const found = state?.evidence ?? 'the cluster was not asked for it';
  const why = need.because === undefined ? '' : ` (${need.because})`;
  return `needs ${need.feature}${why}; found: ${found}`;
}
