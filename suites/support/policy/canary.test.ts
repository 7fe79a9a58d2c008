import { expect } from 'chai';
import type { CaseContext, Grid } from '../../../harness/case/types.ts';
import type { KubeObject } from '../../../harness/kube/types.ts';
import { withCanary } from './canary.ts';
import { GridState } from './state.ts';

const grid: Grid = { namespaces: new Map([['z', 'real-z']]), pods: [], ports: [] };

/** Applies what a case would, and keeps it. */
function recorder() {
  const applied: KubeObject[] = [];
  const kube = {
    apply: (object: KubeObject) => Promise.resolve(void applied.push(object)),
    remove: () => Promise.resolve(),
  };
  return { applied, ctx: { kube } as unknown as CaseContext };
}

describe('withCanary', () => {
  it('never closes the port that the canary before it closed, so that a stale one cannot stand for it', async () => {
    const { applied, ctx } = recorder();
    for (let turn = 0; turn < 9; turn++) {
      const state = new GridState(grid);
      await withCanary(ctx, state, () => Promise.resolve());
    }
    const specs = applied.map(({ spec }) => JSON.stringify(spec));
    expect(specs).to.have.length(9);
    specs.slice(1).forEach((spec, index) => expect(spec).not.to.equal(specs[index]));
  });

  it('holds while the work runs and is forgotten after', async () => {
    const { ctx } = recorder();
    const state = new GridState(grid);
    let held = 0;
    await withCanary(ctx, state, () => Promise.resolve(void (held = state.policies.size)));
    expect([held, state.policies.size]).to.deep.equal([1, 0]);
  });
});
