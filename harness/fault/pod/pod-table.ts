import { type Family, type PacketFilter, peersOf, type Way, waysOf } from './filter.ts';

/**
 * Where rules of a pod's network namespace sit. `device`: at its device, below all else. `edge`: before and after all else
 * of netfilter there, a sidecar's address translation included. `socket`: next to the pod's processes, where packets can be
 * rejected.
 */
export type Stage = 'device' | 'edge' | 'socket';

/** The first packet of a TCP connection (RFC 9293, section 3.5). */
export const opensConnection = 'tcp flags & (syn | ack) == syn';

export interface PodRules {
  readonly filter: PacketFilter;
  readonly stage: Stage;
  /** What is done to a packet that matches, as nftables writes it; `lose`: nobody learns of it, at the device only. */
  readonly verdict: string;
  /** Statements between match and counter. */
  readonly only?: string;
  /** Of IP packets; shorter ones and those of that length pass. */
  readonly longerThan?: number | undefined;
}

const ethernetHeader = 14;

export interface TablePlace {
  readonly table: string;
  readonly device: string;
  /** A device that is down: what is sent there is lost, and who sent it thinks it gone. */
  readonly sink: string;
}

/** What IPv6 needs to find its neighbours, as ARP is for IPv4: never a fault's business. */
const neighbours =
  'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } return';

/** Returns the nftables table that holds these rules in a pod's network namespace, and its family. */
export function podTable({ table, device, sink }: TablePlace, rules: PodRules) {
  const { filter, stage, only = '' } = rules;
  const size = (way: Way) => sizeMatch(rules, way);
  const family = stage === 'device' ? 'netdev' : 'inet';
  const verdictOf = (way: Way) =>
    rules.verdict !== 'lose' ? rules.verdict : way === 'ingress' ? 'drop' : `fwd to "${sink}"`;
  const chains = waysOf(filter).flatMap((way) => [
    `  chain ${way} {`,
    `    type filter hook ${hookOf(stage, way, device)}; policy accept;`,
    ...(stage === 'device' ? [] : [`    ${way === 'ingress' ? 'iifname' : 'oifname'} "lo" return`]),
    `    ${neighbours}`,
    ...matches(filter, way).map(
      (match) => `    ${[match, size(way), only, 'counter', verdictOf(way)].filter(Boolean).join(' ')}`,
    ),
    '  }',
  ]);
  return { family, text: [`table ${family} ${table} {`, ...chains, '}', ''].join('\n') };
}

/** What leaves has its Ethernet header already where it meets the device. */
function sizeMatch({ stage, longerThan }: PodRules, way: Way): string {
  if (longerThan === undefined) return '';
  return `meta length > ${stage === 'device' && way === 'egress' ? longerThan + ethernetHeader : longerThan}`;
}

function hookOf(stage: Stage, way: Way, device: string): string {
  if (stage === 'device') return `${way} device "${device}" priority -500`;
  if (stage === 'edge') return way === 'ingress' ? 'prerouting priority -320' : 'postrouting priority 320';
  return way === 'ingress' ? 'input priority 0' : 'output priority 0';
}

/** Returns disjoint matches that together are the filter, so that each packet meets one rule. */
function matches(filter: PacketFilter, way: Way): string[] {
  const kinds = portMatches(filter);
  return peerMatches(filter, way).flatMap((end) => kinds.map((kind) => [end, kind].filter(Boolean).join(' ')));
}

function peerMatches(filter: PacketFilter, way: Way): string[] {
  if (filter.peers === undefined) return [''];
  return (['ip', 'ip6'] as const satisfies Family[]).flatMap((family) => {
    const peers = peersOf(filter, family) ?? [];
    return peers.length === 0 ? [] : [`${family} ${way === 'ingress' ? 'saddr' : 'daddr'} { ${peers.join(', ')} }`];
  });
}

/** ARP passes the device as well, and is no packet of any fault. */
function portMatches({ ports, protocol }: PacketFilter): string[] {
  if (protocol === 'icmp') return ['meta l4proto { icmp, ipv6-icmp }'];
  if (ports === undefined) return [protocol === undefined ? 'meta protocol { ip, ip6 }' : `meta l4proto ${protocol}`];
  const set = `{ ${ports.join(', ')} }`;
  const kind = `meta l4proto ${protocol ?? '{ tcp, udp }'}`;
  return [`${kind} th dport ${set}`, `${kind} th sport ${set} th dport != ${set}`];
}
