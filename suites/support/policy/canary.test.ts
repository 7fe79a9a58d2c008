import { expect } from 'chai';
import { z } from 'zod';
import type { CaseContext, Grid } from '../../../harness/case/types.ts';
import type { KubeObject } from '../../../harness/kube/types.ts';
import { act } from './act.ts';
import { everything, policy } from './build.ts';
import { withCanary } from './canary.ts';
import { GridState } from './state.ts';
import type { PolicyTemplate } from './types.ts';

const Spec = z.object({ ingress: z.array(z.unknown()).optional(), egress: z.array(z.unknown()).optional() });
const grid: Grid = {
  namespaces: new Map(['x', 'y', 'z'].map((key) => [key, `real-${key}`])),
  pods: [],
  ports: [],
  sweep: () => Promise.resolve(),
};

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

  const perched = async (...policies: PolicyTemplate[]) => {
    const { applied, ctx } = recorder();
    const state = new GridState(grid);
    for (const one of policies) await act(ctx, state, { do: 'apply', policy: one });
    await withCanary(ctx, state, () => Promise.resolve());
    return applied
      .filter(({ metadata }) => metadata.name?.startsWith('canary'))
      .map(({ metadata, spec }) => `${metadata.namespace ?? ''} ${Object.keys(Spec.parse(spec)).join()}`);
  };

  it('sits on the pods a step is about, in the direction its policies leave alone', async () => {
    expect(await perched(policy('y', 'deny', everything, { ingress: [] }))).to.deep.equal(['real-y egress']);
    expect(await perched(policy('x', 'deny', everything, { egress: [] }))).to.deep.equal(['real-x ingress']);
  });

  it('sits in every namespace with policies that leaves it a direction, and elsewhere where none does', async () => {
    const both = policy('x', 'both', everything, { ingress: [], egress: [] });
    const one = policy('y', 'one', everything, { ingress: [] });
    const other = policy('z', 'other', everything, { egress: [] });
    expect(await perched(both, one, other)).to.deep.equal(['real-z ingress', 'real-y egress']);
    expect(await perched(both)).to.deep.equal(['real-z ingress']);
  });

  it('lets names be resolved', async () => {
    const { applied, ctx } = recorder();
    const state = new GridState(grid);
    await act(ctx, state, { do: 'apply', policy: policy('x', 'deny', everything, { ingress: [] }) });
    await withCanary(ctx, state, () => Promise.resolve());
    expect(JSON.stringify(applied.at(-1)?.spec)).to.contain('"port":53');
  });

  it('holds while the work runs and is forgotten after', async () => {
    const { ctx } = recorder();
    const state = new GridState(grid);
    let held = 0;
    await withCanary(ctx, state, () => Promise.resolve(void (held = state.policies.size)));
    expect([held, state.policies.size]).to.deep.equal([1, 0]);
  });
});
