import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';

const programs = join(import.meta.dirname, '..', 'on-node');

/**
 * Two network namespaces on a wire, and echoes from one to the other whose answers go through the program; prints what
 * echo.pl says. Nothing outside of them is touched, and all goes with the shell.
 */
const bed = (words: string) => `
unshare --net sleep 20 & P=$!
until [ "$(readlink /proc/$P/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link add v0 type veth peer name v1 netns $P && ip addr add 10.9.0.1/24 dev v0 && ip link set v0 up || exit 77
N="nsenter --net=/proc/$P/ns/net"
$N ip addr add 10.9.0.2/24 dev v1; $N ip link set v1 up
$N iptables -t mangle -A POSTROUTING -m mark ! --mark 77 -j NFQUEUE --queue-num 7 --queue-bypass || exit 77
$N perl ${programs}/packet-queue.pl 7 ${words} & Q=$!
n=0; until $N grep -q '^ *7 ' /proc/net/netfilter/nfnetlink_queue; do n=$((n+1)); test $n -lt 50 || exit 77; sleep 0.02; done
perl ${programs}/echo.pl icmp 10.9.0.2 0 400 500 200 56
kill $Q $P
`;

interface Told {
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly corrupt: number;
  readonly rttUs: readonly number[];
}

describe('the program that holds, loses, doubles and bends packets', function () {
  this.timeout(120_000);
  const through = async (words: string): Promise<Told> => {
    const { stdout } = await execa('unshare', ['--net', 'sh', '-c', bed(words)]);
    return JSON.parse(stdout) as Told;
  };

  before(async function () {
    const able = await execa('unshare', ['--net', 'sh', '-c', bed('delay=1')], { reject: false });
    if (able.failed) this.skip();
  });

  it('holds packets side by side, in their order', async () => {
    const { received, reordered, rttUs } = await through('delay=30');
    expect({ received, reordered }).to.deep.equal({ received: 400, reordered: 0 });
    expect(rttUs[0]).to.be.at.least(30_000);
  });

  it('loses, doubles and bends about the share that was asked for', async () => {
    const [lost, doubled, bent] = await Promise.all([
      through('drop=0.3'),
      through('duplicate=0.3 mark=77'),
      through('corrupt=0.3'),
    ]);
    // Six standard deviations of 400 draws.
    expect(400 - lost.received).to.be.within(65, 175);
    expect(doubled.duplicates).to.be.within(65, 175);
    expect(bent.corrupt).to.be.within(65, 175);
  });

  it('holds some back so that later ones overtake', async () => {
    const { received, reordered } = await through('reorder=0.3 by=20');
    expect(received).to.equal(400);
    expect(reordered).to.be.within(65, 175);
  });
});
