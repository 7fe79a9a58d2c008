import { universalFeatures, type Feature } from '../../clusters/names.ts';
import type { FeatureState } from '../cluster/types.ts';
import type { CaseVerdict } from './outcome.ts';
import { describeRights, type Rights } from '../kube/rights.ts';
import { rightsOf } from './rights.ts';
import { type Consent, missingConsent } from './touches.ts';
import type { CaseDefinition, Need } from './types.ts';

/** Features a CNI or mesh brings or not; the others belong to the machine, the topology or the provider. */
const broughtByNetwork: ReadonlySet<Feature> = new Set<Feature>([
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'HostPort',
]);

export interface Limits {
  readonly features: ReadonlyMap<Feature, FeatureState>;
  readonly required?: ReadonlySet<Feature>;
  readonly consent: Consent;
  /** Returns those of these rights that the account lacks. Absent: it may everything. */
  readonly lacking?: (rights: Rights) => Rights;
}

/**
 * Returns what a case comes to without being run, or undefined where it is to run: what nobody allowed is not tried. Where
 * a right is missing nobody knows what the network would have done.
 */
export function notToRun(
  one: Pick<CaseDefinition, 'needs' | 'touches' | 'uses' | 'rights'>,
  { features, required, consent, lacking }: Limits,
): CaseVerdict | undefined {
  const reason = missingConsent(one, consent);
  if (reason !== undefined) return { outcome: 'skipped', reason };
  return firstGap(one.needs, features, required) ?? missingRights(one, lacking);
}

function missingRights(
  one: Pick<CaseDefinition, 'uses' | 'rights'>,
  lacking: Limits['lacking'] = () => [],
): CaseVerdict | undefined {
  const lacked = lacking(rightsOf(one));
  if (lacked.length === 0) return undefined;
  const reason = `needs the right to ${describeRights(lacked)}; found: the account of this kubeconfig lacks it`;
  return { outcome: 'inconclusive', reason };
}

/**
 * Returns what a case comes to without being run, by the gravest of its requirements, or undefined when it must run: what
 * Kubernetes promises of every cluster and what is declared runs and shows the breakage, so that a stopped policy agent
 * can never hide behind a skip. What nobody could determine is inconclusive; what `required` names and is not there has
 * failed; the rest is unsupported by the network or skipped for want of something it does not bring.
 */
export function firstGap(
  needs: readonly Need[],
  features: ReadonlyMap<Feature, FeatureState>,
  required: ReadonlySet<Feature> = new Set(),
): CaseVerdict | undefined {
  const gaps = needs.flatMap((need) => gapOf(need, features.get(need.feature), required) ?? []);
  const failed = gaps.find(({ outcome }) => outcome === 'failed');
  return failed ?? gaps.find(({ outcome }) => outcome !== 'inconclusive') ?? gaps[0];
}

function gapOf(need: Need, state: FeatureState | undefined, required: ReadonlySet<Feature>): CaseVerdict | undefined {
  const { feature } = need;
  if (state?.observed === true || state?.declared === true || universalFeatures.has(feature)) return undefined;
  const reason = explain(need, state);
  if (state === undefined || state.observed === 'undetermined') return { outcome: 'inconclusive', reason };
  // No baseline excuses what the command line demands.
  if (required.has(feature)) return { outcome: 'failed', reason: `--require ${feature}: ${reason}`, unexplained: true };
  return { outcome: broughtByNetwork.has(feature) ? 'unsupported' : 'skipped', reason };
}

function explain(need: Need, state: FeatureState | undefined): string {
  const found = state?.evidence ?? 'the cluster was not asked for it';
  const why = need.because === undefined ? '' : ` (${need.because})`;
  return `needs ${need.feature}${why}; found: ${found}`;
}
