import { grid, ownGrid } from './grid-fixture.ts';
import type { Grid } from './grid-types.ts';
import { labelsAsMade } from './grid-layout.ts';
import type { CaseContext } from '../case/types.ts';
import type { Action, PolicyCase } from './types.ts';

/**
 * Leases a grid as the last case left it, but that labels the case is to change are as the grid was made with: a step
 * that sets what an earlier judgement of the same case has set would do nothing.
 */
export async function readyGrid(ctx: CaseContext, { steps, held }: Pick<PolicyCase, 'steps' | 'held'>): Promise<Grid> {
  if (held === true) return ctx.use(ownGrid);
  const leased = await ctx.use(grid);
  const changed = steps.flatMap(({ actions }) => actions.flatMap(labelsChangedBy));
  const asMade = changed.every(([key, label]) => leased.labels(key)[label] === labelsAsMade(key)[label]);
  if (!asMade) await leased.resetLabels();
  return leased;
}

/** The key of a namespace (`x`) or pod (`x/a`), with each label of it that is set or removed. */
function labelsChangedBy(action: Action): (readonly [string, string])[] {
  if (action.do !== 'label-namespace' && action.do !== 'label-pod') return [];
  const key = action.do === 'label-pod' ? `${action.namespace}/${action.pod}` : action.namespace;
  return Object.keys(action.labels).map((label) => [key, label] as const);
}
