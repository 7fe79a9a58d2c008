import { expect } from 'chai';
import { overflowsIn } from './udp-overflow.ts';

const four = `Tcp: RtoAlgorithm RtoMin
Tcp: 1 200
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors
Udp: 5000 3 35 4990 35 0 0
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors
UdpLite: 0 0 0 0 7 0`;

describe('datagrams that a socket did not take in time', () => {
  it('are read by name from what the kernel counts', () => {
    expect(overflowsIn(four)).to.equal(35);
    expect(
      overflowsIn('Udp6InDatagrams  \t40\nUdp6RcvbufErrors                \t12\nUdpLite6RcvbufErrors \t9'),
    ).to.equal(12);
  });

  it('are unknown where it does not say', () => {
    expect(overflowsIn('Udp: InDatagrams NoPorts\nUdp: 1 2')).to.equal(undefined);
    expect(overflowsIn('')).to.equal(undefined);
  });
});
