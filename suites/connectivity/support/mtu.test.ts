import { expect } from 'chai';
import { largestDatagram, parseMtu } from './mtu.ts';

const route = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask',
  'eth0\t0000F40A\t0101F40A\t0003\t0\t0\t0\t0000FFFF',
  'eth0\t00000000\t0101F40A\t0003\t0\t0\t0\t00000000',
].join('\n');
const files = (routes: string) =>
  `==> /proc/net/route <==\n${routes}\n\n==> /sys/class/net/eth0/mtu <==\n1450\n\n==> /sys/class/net/lo/mtu <==\n65536\n`;

describe('MTU', () => {
  it('is that of the default route', () => {
    expect(parseMtu(files(route))).to.equal(1450);
  });
  it('falls back to the interface that is not loopback', () => {
    expect(parseMtu(files('Iface\tDestination'))).to.equal(1450);
  });
  it('is unknown when nothing is shown', () => {
    expect(parseMtu('tail: cannot open')).to.equal(undefined);
  });
  it('leaves room for the headers of each family', () => {
    expect(largestDatagram(1500, '10.0.0.1')).to.equal(1472);
    expect(largestDatagram(1500, 'fd00::1')).to.equal(1452);
  });
});
