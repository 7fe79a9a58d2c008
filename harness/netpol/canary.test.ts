import { expect } from 'chai';
import { isolates } from '../oracle/network-policy.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import { applyAction } from './apply-action.ts';
import { directions, everything, labelled, policy } from './build.ts';
import { withCanary } from './canary.ts';
import { FakeCluster } from './fake-cluster.test-support.ts';
import { GridState } from './state.ts';
import { PolicyTable } from './table.ts';
import type { PolicyTemplate } from './types.ts';

const deny = policy('x', 'deny', everything, { ingress: [] });
const allowAll = policy('x', 'allow', labelled({ pod: 'b' }), { ingress: [{}] });

/** A step of a case on this cluster: its policies, then a canary, which is told in force before `work` begins. */
async function step(cluster: FakeCluster, policies: readonly PolicyTemplate[], work: () => void = () => undefined) {
  const state = new GridState(cluster.grid);
  for (const one of policies) await applyAction(cluster.ctx, state, { do: 'apply', policy: one });
  await withCanary(cluster.ctx, state, { timeoutMs: 1 }, async (raise) => {
    await raise();
    work();
  });
  return state;
}

const canaries = (cluster: FakeCluster) => cluster.applied.filter(({ metadata }) => metadata.name.startsWith('canary'));

/** Pods in each direction that some policy isolates. */
const isolation = (policies: readonly NetworkPolicy[]) =>
  new Set(
    policies.flatMap((one) =>
      directions
        .filter((direction) => isolates(one, direction))
        .map((direction) => `${direction} ${one.metadata.namespace} ${JSON.stringify(one.spec.podSelector)}`),
    ),
  );

describe('a canary', () => {
  it('opens a port of its own to the pods a step is about, and isolates nothing that was not', async () => {
    const cluster = new FakeCluster();
    const state = await step(cluster, [deny, policy('y', 'out', labelled({ pod: 'a' }), { egress: [] })]);
    const own = [...state.policies.values()];
    expect(canaries(cluster)).to.have.length(2);
    expect(isolation(canaries(cluster))).to.deep.equal(isolation(own));
    const beside = new PolicyTable(state, { coming: canaries(cluster) });
    expect(beside.verdicts()).to.deep.equal(new PolicyTable(state).verdicts());
    expect(JSON.stringify(canaries(cluster).map(({ spec }) => spec)))
      .to.match(/"port":9\d/)
      .and.not.match(/"port":8\d/);
  });

  it('closes a port, in the direction left alone, where all is admitted already', async () => {
    const cluster = new FakeCluster();
    await step(cluster, [allowAll]);
    const [spec] = canaries(cluster).map((one) => one.spec);
    expect(spec).to.deep.include({ podSelector: labelled({ pod: 'b' }), policyTypes: ['Egress'] });
    expect(JSON.stringify(spec), 'names can be resolved').to.contain('"port":53');
  });

  it('tells of each namespace in the way it has there, and of all together where both ends are closed', async () => {
    const mixed = new FakeCluster();
    await step(mixed, [deny, policy('y', 'open', everything, { ingress: [{}] })]);
    const where = canaries(mixed).map(
      ({ metadata, spec }) => `${metadata.namespace} ${spec.policyTypes?.join() ?? ''}`,
    );
    expect(where).to.deep.equal(['real-y Egress', 'real-x Ingress']);
    const shut = new FakeCluster();
    await step(
      shut,
      (['x', 'y', 'z'] as const).map((key) => policy(key, 'shut', everything, { ingress: [], egress: [] })),
    );
    expect(canaries(shut)).to.have.length(3);
  });

  it('sits elsewhere when the policies are about no pod at all', async () => {
    const cluster = new FakeCluster();
    await step(cluster, [policy('x', 'nobody', labelled({ pod: 'nobody' }), { ingress: [] })]);
    expect(canaries(cluster).map(({ spec }) => spec.podSelector)).to.deep.equal([everything]);
    const bare = new FakeCluster();
    await step(bare, []);
    expect(canaries(bare)).to.have.length(1);
  });

  it('does without where every namespace is isolated both ways and admits everything', async () => {
    const cluster = new FakeCluster();
    const both = (['x', 'y', 'z'] as const).map((key) =>
      policy(key, 'both', everything, { ingress: [{}], egress: [{}] }),
    );
    await step(cluster, both);
    expect(canaries(cluster)).to.have.length(0);
  });

  it('is about another port each time', async () => {
    const cluster = new FakeCluster();
    for (let turn = 0; turn < 5; turn++) {
      await step(cluster, [turn % 2 === 0 ? deny : allowAll]);
      cluster.stored.clear();
    }
    const specs = canaries(cluster).map(({ spec }) => JSON.stringify(spec));
    specs.slice(1).forEach((spec, index) => expect(spec).not.to.equal(specs[index]));
  });

  it('holds while the work runs, and is gone after', async () => {
    const cluster = new FakeCluster();
    let held = 0;
    const state = await step(cluster, [deny], () => (held = cluster.stored.size));
    expect([held, state.policies.size, cluster.stored.size]).to.deep.equal([2, 1, 1]);
  });

  for (const [what, policies] of [
    ['opens', [deny]],
    ['closes', [allowAll]],
  ] as const) {
    it(`that ${what} a port tells when nobody reads policies any more, whatever the case before left`, async () => {
      for (const before of [[], [deny], [allowAll], [policy('x', 'more', everything, { ingress: [{}] })]]) {
        const cluster = new FakeCluster();
        await step(cluster, before);
        cluster.stored.clear();
        cluster.stopped = true;
        const failed = await step(cluster, policies).catch((error: unknown) => error);
        expect(failed, JSON.stringify(before)).to.be.instanceOf(Error);
      }
    });
  }
});
