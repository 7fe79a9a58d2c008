import { newHistory, type Grid } from './grid-types.ts';
import { expect } from 'chai';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject } from '../kube/types.ts';
import { apply, everything, policy } from './build.ts';
import { applyStep } from './apply-step.ts';
import { GridState } from './state.ts';
import type { Action } from './types.ts';

const deny = apply(policy('x', 'deny', everything, { ingress: [] }));
const relabel: Action = { do: 'label-namespace', namespace: 'y', labels: { team: 'blue' } };

function recorder() {
  const seen: string[] = [];
  const kube = {
    apply: ({ metadata }: KubeObject) => Promise.resolve(void seen.push(`apply ${metadata.name ?? ''}`)),
    patch: () => Promise.resolve(void seen.push('label')),
  };
  const grid: Grid = {
    namespaces: new Map([
      ['x', 'real-x'],
      ['y', 'real-y'],
    ]),
    pods: [],
    ports: [],
    history: newHistory(),
    labels: () => ({}),
    resetLabels: () => Promise.resolve(),
    deletePolicies: (keep = new Set()) => Promise.resolve(void seen.push(`delete all but ${[...keep].join()}`)),
  };
  return { seen, grid, ctx: { kube } as unknown as CaseContext };
}

/** What reaches cluster and grid, in order. */
async function performed(...actions: Action[]): Promise<string[]> {
  const { seen, grid, ctx } = recorder();
  await applyStep(ctx, new GridState(grid), actions);
  return seen;
}

describe('a step of a policy case', () => {
  it('lets the last holder of the grid keep its policies until its own are there, and never deletes those', async () => {
    expect(await performed(deny)).to.deep.equal(['apply deny', 'delete all but real-x/deny']);
  });

  it('never updates a policy of the last holder, of which the API server may have filled in what this one leaves out', async () => {
    const { seen, grid, ctx } = recorder();
    for (let holder = 0; holder < 3; holder++) await applyStep(ctx, new GridState(grid), [deny]);
    const applied = seen.filter((one) => one.startsWith('apply'));
    expect(applied[1]).to.not.equal(applied[0]);
    expect(applied[2]).to.not.equal(applied[1]);
  });

  it('deletes them first where it does more than apply policies', async () => {
    expect((await performed(relabel, deny)).slice(0, 2)).to.deep.equal(['delete all but ', 'label']);
  });
});
