import { logRights } from '../cluster/logs/scope.ts';
import { factRights } from '../cluster/facts.ts';
import { detectionRights } from '../cluster/features/index.ts';
import { indispensable } from '../cluster/access.ts';
import { leastRights, type Right, type Rights } from '../kube/rights.ts';
import type { CaseDefinition } from './types.ts';

type Asker = Pick<CaseDefinition, 'rights' | 'uses'>;

/** Returns what a case does at the API server, by itself and by what it uses, beyond what every run may. */
export function rightsOf({ rights, uses }: Asker): Right[] {
  return [rights, ...uses.map((one) => one.rights)].flat(2);
}

/** What a run knows less without: looked for, and gone on without. */
export const lookingRights: Rights = [...factRights, ...detectionRights, ...logRights];

/** Returns the least that a run of these cases takes, with nothing it would have to go on without. */
export function rightsOfRun(cases: readonly Asker[]): Right[] {
  return leastRights([...indispensable, ...lookingRights, ...cases.flatMap(rightsOf)]);
}
