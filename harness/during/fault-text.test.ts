import { expect } from 'chai';
import { parseDuring, standardFaults } from './fault-text.ts';

describe('faults of --during', () => {
  it('reads a value of the usual setting with its unit, further settings, and what it acts on', () => {
    const read = (text: string) => {
      const [{ driver, aim, settings } = expect.fail('none')] = parseDuring([text]);
      return [driver.name, aim, settings];
    };
    expect(read('loss:30%')).to.deep.equal(['loss', 'pods', { percent: 30 }]);
    expect(read('loss')).to.deep.equal(['loss', 'pods', { percent: 10 }]);
    expect(read('delay:50ms;jitterMs=40')).to.deep.equal(['delay', 'pods', { ms: 50, jitterMs: 40 }]);
    expect(read('pod-kill@cni-agent')).to.deep.equal(['pod-kill', 'cni-agent', {}]);
    expect(read('component-pause:kube-proxy')).to.deep.equal(['component-pause', 'node', { component: 'kube-proxy' }]);
    expect(read('partition:one-way')).to.deep.equal(['partition', 'nodes', { direction: 'one-way' }]);
  });

  it('knows a standard choice, and holds no fault twice', () => {
    expect(parseDuring(['standard', 'partition']).map(({ text }) => text)).to.deep.equal(standardFaults);
    expect(standardFaults.length * 4, 'cells over four areas').to.be.at.least(60);
  });

  for (const [text, said] of [
    ['los:10%', 'there is no fault los'],
    ['loss:110%', 'percent'],
    ['loss:often', 'percent'],
    ['loss;hard=1', 'write NAME'],
    ['loss:10%;hard=1', 'no parameter hard'],
    ['pod-kill@pods', 'coredns or cni-agent, not on pods'],
    ['component-pause:cable', 'component'],
    ['reset', 'there is no fault reset to hold'],
  ] as const) {
    it(`refuses ${text} before anything is made`, () => {
      expect(() => parseDuring([text]))
        .to.throw(said)
        .with.property('code', 'USAGE');
    });
  }
});
