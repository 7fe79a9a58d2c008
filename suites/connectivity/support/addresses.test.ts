import { expect } from 'chai';
import { addressesFor, inCidrs, pairs, sameFamily } from './addresses.ts';
import { agentStub } from '../../../harness/table/stubs.test-support.ts';

describe('addresses', () => {
  it('are of one family only when both are addresses', () => {
    expect(sameFamily('10.0.0.1', '10.0.0.2')).to.equal(true);
    expect(sameFamily('10.0.0.1', 'fd00::1')).to.equal(false);
    expect(sameFamily('nobody', 'nobody')).to.equal(false);
  });

  it('lie in a CIDR of their family', () => {
    expect(inCidrs('10.244.3.7', ['fd00::/56', '10.244.0.0/16'])).to.equal(true);
    expect(inCidrs('10.245.0.1', ['10.244.0.0/16'])).to.equal(false);
    expect(inCidrs('fd00::7', ['fd00::/64'])).to.equal(true);
    expect(inCidrs('10.244.3.7', ['', 'nonsense', '10.244.0.0'])).to.equal(false);
  });

  it('of a node are those a client has a family for', () => {
    const agent = agentStub({ name: 'a', ips: ['10.0.0.1'] });
    expect(addressesFor(agent, { ips: ['172.18.0.2', 'fc00::2'] })).to.deep.equal(['172.18.0.2']);
  });

  it('pair every agent with every other that fits', () => {
    const agents = ['a', 'b', 'c'].map((name) => agentStub({ name, node: name === 'c' ? 'two' : 'one' }));
    const names = pairs(agents, (from, to) => from.node === to.node).map(([from, to]) => from.name + to.name);
    expect(names).to.deep.equal(['ab', 'ba']);
  });
});
