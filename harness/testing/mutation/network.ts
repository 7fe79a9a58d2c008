import { background, everySeconds, nftTable, onNode } from './changes.ts';
import { delayed } from './delay.ts';
import type { Bed, BedNode, Change, Mutation } from './types.ts';

/** Core cases that go over every pair of nodes. */
const paths = [
  'connectivity-hold',
  'connectivity-udp-burst',
  'connectivity-slow-path',
  'connectivity-sustained',
  'connectivity-pod-to-pod-other-node-*',
];
const network = { area: 'network', mustNotFail: ['connectivity-pod-to-pod-same-node-*', 'connectivity-self'] } as const;
const large = ['connectivity-mtu', 'connectivity-large-stream', 'connectivity-fragments'];
const times = ['slow', 'late', 'delay', 'budget'];

/** Every defect of the paths between two workers. */
export const networkMutations: readonly Mutation[] = [
  {
    ...network,
    ...{ name: 'mtu-hole', defect: 'packets over 1400 bytes vanish between two nodes, without ICMP', ci: true },
    kind: ['dropped', 'large', 'MTU', 'bytes'],
    plan: (bed) => each(bed, 'mtu-hole', (peer) => `${towards(peer)} ip length > 1400 drop`),
    mustFail: large,
    mustNotFail: ['connectivity-closed-port', ...network.mustNotFail],
  },
  {
    ...network,
    ...{ name: 'mtu-small-with-icmp', defect: 'the tunnel of one node carries 1300 bytes only, and says so by ICMP' },
    kind: ['EMSGSIZE', 'MTU', 'large', 'dropped', 'too long', 'bytes'],
    plan: (bed) => [smallTunnel(bed, bed.pair[0])],
    mustFail: large,
    needs: 'tunnel',
  },
  {
    ...network,
    ...{ name: 'one-way-drop', defect: 'packets from one node to another are lost', ci: true },
    kind: ['dropped'],
    plan: (bed) => [lossy(bed, bed.pair[0], bed.pair[1], { id: 'one-way', rule: 'drop' })],
    mustFail: paths,
  },
  ...[5, 2, 1].map((percent): Mutation => ({
    ...network,
    ...{ name: `loss-${percent}`, defect: `${percent} % of the packets between two nodes are lost, each way` },
    kind: ['lost', 'loss', 'not for long', 'relapse'],
    plan: (bed) => each(bed, `loss-${percent}`, (peer) => `${towards(peer)} numgen random mod 100 < ${percent} drop`),
    mustFail: [...paths, 'connectivity-loss-*'],
    ...(percent === 1 ? { optional: 'left to the extended tier' } : {}),
  })),
  {
    ...network,
    ...{ name: 'delay-40', defect: 'packets from one node to another take 40 ms more' },
    kind: times,
    plan: (bed) => [delayed(bed, bed.pair[0], { id: 'delay-40', ms: 40, match: addressed(bed.pair[1]) })],
    mustFail: paths,
  },
  {
    ...network,
    ...{ name: 'slow-path', defect: 'one node sends 2 Mbit/s to another' },
    kind: times,
    plan: (bed) => [slowPath(bed, bed.pair[0], bed.pair[1])],
    mustFail: [...paths, 'connectivity-large-stream'],
  },
  {
    ...network,
    ...{
      name: 'route-missing',
      defect: 'one node has no route to the pods of another',
      needs: 'node-routing',
      ci: true,
    },
    kind: ['dropped', 'unreachable', 'EHOSTUNREACH', 'ENETUNREACH'],
    plan: async (bed) => [await routeMissing(bed, bed.pair[0], bed.pair[1])],
    mustFail: paths,
  },
  ...[6, 30].map((seconds): Mutation => ({
    ...network,
    ...{
      name: `flows-cut-${seconds}`,
      defect: `a flow between two nodes is cut ${seconds} s after it began`,
      needs: 'node-routing',
    },
    kind: ['exchange', 'connection', 'cut', 'reset', 'closed'],
    plan: (bed) => bed.pair.map((node) => flowsCut(bed, node, seconds)),
    mustFail: ['connectivity-long-lived-*', 'connectivity-kept*'],
    mustNotFail: ['connectivity-pod-to-pod-other-node-tcp', ...network.mustNotFail],
  })),
];

/** Of all traffic to the peer: tunnelled by its address, routed by its hardware address. */
const towards = (peer: BedNode) => `ether daddr ${peer.mac}`;

const egress = (rule: string) => `chain out { type filter hook egress device "eth0" priority -500; ${rule}; }`;

/** Returns one rule at the way out of each of the pair, so each direction meets it once on every datapath. */
function each(bed: Bed, id: string, rule: (peer: BedNode) => string): Change[] {
  const [a, b] = bed.pair;
  return [nftTable(bed, a, id, egress(rule(b)), 'netdev'), nftTable(bed, b, id, egress(rule(a)), 'netdev')];
}

function lossy(bed: Bed, from: BedNode, to: BedNode, { id, rule }: { id: string; rule: string }): Change {
  return nftTable(bed, from, id, egress(`${towards(to)} ${rule}`), 'netdev');
}

/** As iptables matches what leaves for the peer: tunnelled packets have its address, routed ones that of its pods. */
function addressed({ ip, podCidrs }: BedNode): string[] {
  return [ip, ...podCidrs.filter((cidr) => !cidr.includes(':'))].map((to) => `-o eth0 -d ${to}`);
}

/** Set again every second: agents put the MTU of their device right. */
function smallTunnel(bed: Bed, node: BedNode): Change {
  const device = bed.cni.traits.tunnel ?? '';
  const kept = '/run/ordeal/mutations/tunnel-mtu';
  const keep = `mkdir -p /run/ordeal/mutations && { test -e ${kept} || cat /sys/class/net/${device}/mtu > ${kept}; }`;
  return background(bed, node, 'small-tunnel', {
    argv: ['sh', 'SCRIPT'],
    script: everySeconds(1, `ip link set dev ${device} mtu 1300`),
    before: keep,
    after: `test ! -e ${kept} || { ip link set dev ${device} mtu $(cat ${kept}) && rm -f ${kept}; }`,
  });
}

/** What no filter takes goes past the classes unhindered (default 0). */
function slowPath(bed: Bed, from: BedNode, to: BedNode): Change {
  const add = 'tc filter add dev eth0 parent 1: protocol ip';
  const match = [to.ip, ...to.podCidrs.filter((cidr) => !cidr.includes(':'))];
  const gone = '! tc qdisc show dev eth0 | grep -q "htb 1: root"';
  return onNode(bed, {
    ...{ node: from, id: 'slow-path', gone },
    apply: [
      'tc qdisc add dev eth0 root handle 1: htb default 0',
      'tc class add dev eth0 parent 1: classid 1:2 htb rate 2mbit burst 8k',
      ...match.map((address) => `${add} u32 match ip dst ${address} flowid 1:2`),
    ].join(' && '),
    undo: `tc qdisc del dev eth0 root handle 1: 2>/dev/null; ${gone}`,
  });
}

/** A rule before all tables, since agents put a missing route back at once. */
async function routeMissing(bed: Bed, from: BedNode, to: BedNode): Promise<Change> {
  const { stdout } = await bed.exec(to.name, ['ip', '-4', 'route', 'show', 'type', 'blackhole']);
  const blocks = [...stdout.matchAll(/blackhole (\S+)/g)].flatMap(([, cidr]) => cidr ?? []);
  const cidrs = blocks.length > 0 ? blocks : to.podCidrs.filter((cidr) => !cidr.includes(':'));
  const preference = 97;
  const remove = `while ip rule del pref ${preference} 2>/dev/null; do :; done`;
  return onNode(bed, {
    ...{ node: from, id: 'route-missing' },
    apply: cidrs.map((cidr) => `ip rule add pref ${preference} to ${cidr} blackhole`).join(' && '),
    undo: remove,
    gone: `! ip rule show | grep -q "^${preference}:"`,
  });
}

/** A flow is admitted by its first packet for so long; afterwards TCP is reset and the rest is dropped. */
function flowsCut(bed: Bed, node: BedNode, seconds: number): Change {
  const pods = `{ ${bed.podCidrs.filter((cidr) => !cidr.includes(':')).join(', ')} }`;
  const flow = 'ip saddr . ip daddr . tcp sport . tcp dport';
  const between = `ip saddr ${pods} ip daddr ${pods}`;
  const devices = ['eth0', bed.cni.traits.tunnel].filter((device) => device !== undefined);
  return nftTable(
    bed,
    node,
    `flows-${seconds}`,
    `
  set live { type ipv4_addr . ipv4_addr . inet_service . inet_service; flags dynamic,timeout; timeout ${seconds}s; size 65536; }
  chain through {
    type filter hook forward priority -200;
    iifname "eth0" accept
    oifname != { ${devices.map((device) => `"${device}"`).join(', ')} } accept
    ${between} tcp flags & (syn | ack) == syn add @live { ${flow} } accept
    ${between} tcp flags & (syn | ack) == (syn | ack) accept
    ${between} meta l4proto tcp ct direction original ${flow} != @live reject with tcp reset
  }`,
  );
}
