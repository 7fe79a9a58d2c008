import type { Labels } from './grid-types.ts';
import { expect } from 'chai';
import { labelsAsMade } from './grid-layout.ts';
import type { CaseContext } from '../case/types.ts';
import { step } from './build.ts';
import { readyGrid } from './ready-grid.ts';
import type { Action } from './types.ts';

const labelY: Action = { do: 'label-namespace', namespace: 'y', labels: { team: 'blue' } };
const unlabelXa: Action = { do: 'label-pod', namespace: 'x', pod: 'a', labels: { removable: null } };

/** Whether a grid on which these labels were left is relabelled for a case with these actions. */
async function relabelled(left: Readonly<Record<string, Labels>>, ...actions: Action[]): Promise<boolean> {
  let done = false;
  const labels = (key: string) => left[key] ?? labelsAsMade(key);
  const grid = { labels, resetLabels: () => Promise.resolve(void (done = true)) };
  const ctx = { use: () => Promise.resolve(grid) } as unknown as CaseContext;
  await readyGrid(ctx, { steps: [step('nothing'), step('labels', ...actions)] });
  return done;
}

describe('the grid of a policy case', () => {
  it('is as it was made in the labels that the case is to change', async () => {
    expect(await relabelled({ y: { ns: 'y', team: 'blue' } }, labelY)).to.equal(true);
    expect(await relabelled({ 'x/a': { pod: 'a' } }, unlabelXa)).to.equal(true);
  });

  it('keeps what others left that the case does not touch', async () => {
    const left = { x: { ns: 'x', team: 'blue' }, y: { ns: 'y', other: 'yes' }, 'x/b': { pod: 'b' } };
    expect(await relabelled(left, labelY, unlabelXa)).to.equal(false);
  });
});
