import { expect } from 'chai';
import { fenceScript } from './cluster-cidr-egress.ts';

describe('fenceScript', () => {
  it('replaces an earlier fence as a whole and drops after DNAT', () => {
    const script = fenceScript(['ip daddr { 10.96.0.0/16 } rt ip nexthop 172.18.0.1 counter drop']);
    expect(script.indexOf('delete table inet ordeal_fence')).to.be.lessThan(script.indexOf('chain out'));
    expect(script)
      .to.match(/hook postrouting priority 300/)
      .and.contain('10.96.0.0/16');
  });
});
