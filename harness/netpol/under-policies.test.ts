import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { everything, policy } from './build.ts';
import { FakeCluster } from './fake-cluster.test-support.ts';
import { underPolicies } from './under-policies.ts';
import { isObservable } from './watch.ts';

const deny = policy('x', 'deny', everything, { ingress: [] });

function clusterWithGrid(stopped = false) {
  const cluster = new FakeCluster();
  cluster.stopped = stopped;
  return { cluster, ctx: { ...cluster.ctx, use: () => Promise.resolve(cluster.grid) } };
}

describe('work under policies', () => {
  it('begins when a canary tells that they are in force, and leaves both for the next holder to delete', async () => {
    const { cluster, ctx } = clusterWithGrid();
    let there: string[] = [];
    await underPolicies(ctx, [deny], () => Promise.resolve(void (there = [...cluster.stored.keys()])));
    expect(there).to.deep.equal(['real-x/deny', 'real-x/canary-0']);
    expect([...cluster.stored.keys()]).to.deep.equal(there);
  });

  it('never begins where nobody reads policies', async () => {
    const { ctx } = clusterWithGrid(true);
    let begun = false;
    const failure = await underPolicies(ctx, [deny], () => Promise.resolve(void (begun = true))).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(OrdealError);
    expect(begun).to.equal(false);
  });

  it('leaves a grid of which nobody knows what it does', async () => {
    const { cluster, ctx } = clusterWithGrid();
    const closed = new Map([['x/a y/a TCP 80', 'dropped']]);
    expect(isObservable(cluster.grid, closed)).to.equal(true);
    await underPolicies(ctx, [deny], () => Promise.resolve());
    expect(isObservable(cluster.grid, closed)).to.equal(false);
  });
});
