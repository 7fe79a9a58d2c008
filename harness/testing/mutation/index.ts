import { OrdealError } from '../../base/errors.ts';
import { dnsMutations } from './dns.ts';
import { meshMutations } from './mesh.ts';
import { networkMutations } from './network.ts';
import { policyMutations } from './policy.ts';
import { serviceMutations } from './services.ts';
import type { Mutation } from './types.ts';

/** Every seeded defect; areas in the order in which they disturb a cluster least first. */
export const mutations: readonly Mutation[] = [
  ...dnsMutations,
  ...serviceMutations,
  ...networkMutations,
  ...policyMutations,
  ...meshMutations,
];

/**
 * Returns the mutations asked for: by name or area, all where none is named; `ci` leaves those of the CI subset.
 * @throws OrdealError USAGE for a name that no mutation bears.
 */
export function selectMutations(names: readonly string[], ci: boolean): Mutation[] {
  const unknown = names.filter((wanted) => !mutations.some(({ name, area }) => name === wanted || area === wanted));
  if (unknown.length > 0) {
    throw new OrdealError('USAGE', `--include: no mutation is called ${unknown.join(', ')}`, {
      remedy: `Accepted: ${['dns', 'services', 'network', 'policy', 'mesh', ...mutations.map(({ name }) => name)].join(', ')}.`,
    });
  }
  const chosen = mutations.filter(
    ({ name, area }) => names.length === 0 || names.includes(name) || names.includes(area),
  );
  return ci ? chosen.filter((one) => one.ci === true) : chosen;
}
