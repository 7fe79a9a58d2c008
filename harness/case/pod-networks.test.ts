import { expect } from 'chai';
import { PodNetworkError } from '../base/errors.ts';
import type { RunFixture } from './fixture.ts';
import { openedRun } from './opened-run.test-support.ts';

/** A pod on each node that takes pods. */
const pods: RunFixture<readonly string[]> = {
  name: 'pods',
  scope: 'run',
  touches: 'own',
  rights: [],
  pods: () => 1,
  open: async (run) => {
    const nodes = run.cluster.info.nodes.filter(({ schedulable }) => schedulable).map(({ name }) => name);
    await run.agents(nodes.map((node) => ({ name: node, namespace: 'x', node })));
    return { value: nodes };
  },
};
const cases = [{ uses: [pods] }];
const names = ['one', 'two', 'three'];

describe('nodes that give pods no network', () => {
  it('are left out, and what is left is judged', async () => {
    const { open, resources } = await openedRun({ cases, nodes: names, broken: ['one', 'three'] });
    const { ctx } = await open();
    expect(ctx.use(pods)).to.deep.equal(['two']);
    expect(resources.podNetworks.areAllWell).to.equal(false);
    const told = ctx.cluster.info.nodes.map(({ name, schedulable, podTrouble }) => [name, schedulable, podTrouble]);
    expect(told).to.deep.equal([
      ['one', false, 'pods on node one get no network'],
      ['two', true, undefined],
      ['three', false, 'pods on node three get no network'],
    ]);
  });

  it('fail the cases that need pods, with the reason, where no other is left', async () => {
    const { open } = await openedRun({ cases, nodes: ['one', 'two'], broken: ['one', 'two'] });
    const { ctx } = await open();
    expect(() => ctx.use(pods)).to.throw(PodNetworkError, 'pods on node two get no network');
  });

  it('are none where all pods start', async () => {
    const { open, resources } = await openedRun({ cases, nodes: names });
    expect((await open()).ctx.use(pods)).to.deep.equal(names);
    expect(resources.podNetworks.areAllWell).to.equal(true);
  });

  it('end no opening that asks for one of them again and again', async () => {
    const stubborn: RunFixture<string> = {
      ...pods,
      open: async (run) => {
        await run.agents([{ name: 'a', namespace: 'x', node: 'one' }]);
        return { value: '' };
      },
    };
    const { open } = await openedRun({ cases: [{ uses: [stubborn] }], nodes: names, broken: ['one'] });
    const { ctx } = await open();
    expect(() => ctx.use(stubborn)).to.throw(PodNetworkError);
  });
});
