import { expect } from 'chai';
import { execa } from 'execa';
import { largestDatagram, parseMtu } from './mtu.ts';
import { routeMtuScript } from './route-mtu-perl.ts';

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
  it('is what the route says, where it says less than its interface', () => {
    expect(parseMtu(`${files(route)}\n==> route <==\n1400\n`)).to.equal(1400);
    expect(parseMtu(`${files(route)}\n==> route <==\n`)).to.equal(1450);
  });
  it('of a route is read from the kernel, in a network namespace of its own', async function () {
    const routes = 'ip link set lo up; ip route add default dev lo mtu 1333';
    const made = await execa('unshare', ['-rn', 'sh', '-c', `${routes}; exec perl -e "$0"`, routeMtuScript], {
      reject: false,
    });
    if (made.stderr.includes('Operation not permitted') || made.code === 'ENOENT') this.skip();
    expect(made.stdout).to.equal('1333');
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
