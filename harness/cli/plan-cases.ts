import { meshes } from '../../clusters/index.ts';
import { noMesh } from '../../clusters/names.ts';
import { OrdealError } from '../base/errors.ts';
import { defaultSelection } from '../case/select.ts';
import type { CaseDefinition } from '../case/types.ts';
import type { RunOptions } from './run-options.ts';
import { choosesCases, type Selection, selected as selectedBy, shardOf } from './selection.ts';

/** Cases that a run does not plan: how many, why, and which where the command line did not say so itself. */
export interface NotPlanned {
  readonly cases: number;
  readonly why: string;
  readonly ids: readonly string[];
}

const extendedBecause =
  'left out by default: tier extended, further values of the same rules and what is optional; --all runs them';
const meshBecause = `left out: no mesh was asked for (${meshes.map(({ name }) => `--mesh ${name}`).join(', ')})`;
const unchosenBecause = 'not chosen by --include, --exclude, --area, --tier or --last-failed';
const shardBecause = 'left to the other shards';

/**
 * Returns the cases a run plans, and those that it does not, by reason. Cases of the mesh area are planned where a mesh
 * is asked for, or where it may already be in a given cluster. @throws OrdealError USAGE where none is left.
 */
export function planCases(
  all: readonly CaseDefinition[],
  options: Selection & Pick<RunOptions, 'mesh' | 'kubeconfig' | 'reuse'>,
  failed?: readonly string[],
): { cases: CaseDefinition[]; leftOut: NotPlanned[] } {
  const selected = selectedBy(all, options, failed);
  const given = options.kubeconfig !== undefined || options.reuse;
  const chooses = choosesCases(options) || failed !== undefined;
  const meshless = options.mesh === noMesh && !given && !chooses;
  const possible = meshless ? selected.filter((one) => one.area !== 'mesh') : selected;
  const whole = options.all || chooses ? possible : defaultSelection(possible).chosen;
  const planned = shardOf(whole, options.shard);
  if (planned.length === 0) {
    throw new OrdealError('USAGE', 'no case is left to run: none fits every flag', {
      remedy: 'Loosen --include, --exclude, --area, --tier, --last-failed or --shard.',
    });
  }
  const unchosen = all.length - selected.length;
  return {
    cases: planned,
    leftOut: [
      ...named(extendedBecause, without(possible, whole)),
      ...named(meshBecause, without(selected, possible)),
      ...named(shardBecause, without(whole, planned)),
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
