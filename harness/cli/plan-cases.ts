import { meshes } from '../../clusters/index.ts';
import { noMesh } from '../../clusters/names.ts';
import { OrdealError } from '../base/errors.ts';
import { defaultSelection, selectCases } from '../case/select.ts';
import type { CaseDefinition } from '../case/types.ts';
import type { RunOptions } from './run-options.ts';

/** Cases that a run does not plan: how many, why, and which where the command line did not say so itself. */
export interface NotPlanned {
  readonly cases: number;
  readonly why: string;
  readonly ids: readonly string[];
}

const extendedBecause =
  'left out by default: tier extended, further values of the same rules and what is optional; --all runs them';
const meshBecause = `left out: no mesh was asked for (${meshes.map(({ name }) => `--mesh ${name}`).join(', ')})`;
const unchosenBecause = 'not chosen by --include, --exclude or --area';

/**
 * Returns the cases a run plans, and those that it does not, by reason. Cases of the mesh area are planned where a mesh
 * is asked for, or where it may already be in a given cluster. @throws OrdealError USAGE where none is left.
 */
export function planCases(
  all: readonly CaseDefinition[],
  options: Pick<RunOptions, 'include' | 'exclude' | 'area' | 'all' | 'mesh' | 'kubeconfig' | 'reuse'>,
): { cases: CaseDefinition[]; leftOut: NotPlanned[] } {
  const include = [...options.include, ...options.area];
  const selected = selectCases(all, include, options.exclude);
  const given = options.kubeconfig !== undefined || options.reuse;
  const meshless = options.mesh === noMesh && !given && include.length === 0;
  const possible = meshless ? selected.filter((one) => one.area !== 'mesh') : selected;
  const everything = options.all || include.length > 0;
  const planned = everything ? possible : defaultSelection(possible).chosen;
  if (planned.length === 0) {
    throw new OrdealError('USAGE', 'no case is left to run', { remedy: 'Loosen --include, --exclude or --area.' });
  }
  const unchosen = all.length - selected.length;
  return {
    cases: planned,
    leftOut: [
      ...named(extendedBecause, without(possible, planned)),
      ...named(meshBecause, without(selected, possible)),
      ...(unchosen === 0 ? [] : [{ cases: unchosen, why: unchosenBecause, ids: [] }]),
    ],
  };
}

function without(all: readonly CaseDefinition[], some: readonly CaseDefinition[]): CaseDefinition[] {
  const there = new Set(some);
  return all.filter((one) => !there.has(one));
}

function named(why: string, cases: readonly CaseDefinition[]): NotPlanned[] {
  return cases.length === 0 ? [] : [{ cases: cases.length, why, ids: cases.map(({ id }) => id) }];
}
