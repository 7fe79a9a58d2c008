import { expect } from 'chai';
import { addressesFor, addressFlaw, inCidrs, pairs, sameFamily } from './addresses.ts';
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

  it('of a pod may come from anywhere, but neither from nodes, Services nor what is not routed', () => {
    const cloud = { nodeIps: ['172.18.0.2'], serviceCidrs: ['10.96.0.0/16', 'fd00:96::/112'] };
    for (const ip of ['10.0.1.7', '192.168.3.4', '240.1.2.3', '2001:db8::7']) {
      expect(addressFlaw(ip, cloud), ip).to.equal(undefined);
    }
    for (const [ip, said] of [
      ['172.18.0.2', /a node's/],
      ['10.96.3.1', /Services' range/],
      ['fd00:96::1', /Services' range/],
      ['127.0.0.1', /loopback/],
      ['fe80::1', /link-local/],
      ['169.254.1.1', /link-local/],
      ['224.0.0.1', /multicast/],
      ['0.0.0.0', /unspecified/],
    ] as const) {
      expect(addressFlaw(ip, cloud), ip).to.match(said);
    }
  });

  it('of a pod are of the range that the CNI was told, where it was', () => {
    const told = { nodeIps: [], serviceCidrs: [], podCidrs: ['10.244.0.0/16'] };
    expect(addressFlaw('10.244.1.7', told)).to.equal(undefined);
    expect(addressFlaw('10.0.1.7', told)).to.match(/outside of 10.244.0.0\/16/);
  });

  it('pair every agent with every other that fits', () => {
    const agents = ['a', 'b', 'c'].map((name) => agentStub({ name, node: name === 'c' ? 'two' : 'one' }));
    const names = pairs(agents, (from, to) => from.node === to.node).map(([from, to]) => from.name + to.name);
    expect(names).to.deep.equal(['ab', 'ba']);
  });
});
