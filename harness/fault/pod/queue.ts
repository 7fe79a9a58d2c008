import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsFolder } from '../boot.ts';
import { actName } from '../on-node.ts';
import { chainOf } from '../partition/iptables.ts';
import type { NodeAct } from '../types.ts';
import { type Family, type PacketFilter, peersOf, type Way, waysOf } from './filter.ts';
import type { Victim } from './victims.ts';

/** The program that holds, loses, doubles or bends packets of a queue (NFQUEUE); see its head for its words. */
export const packetQueue = () => programOnNode('packet-queue.pl');

/** Returns the text of a program under on-node/. */
export function programOnNode(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', 'on-node', name), 'utf8');
}

/** Marks what the program sends once more, so that it is not queued again. */
export const sentAgainMark = 0x0d0a;

export interface QueuedPackets {
  readonly filter: PacketFilter;
  /** Of the program. */
  readonly words: readonly string[];
  /** Matches of iptables in place of those of the filter's ports and protocol. */
  readonly match?: readonly string[];
}

/**
 * Returns the act that sends packets of a pod's network namespace through the program. Where it does not run, they pass
 * (queue-bypass). nftables has a queue statement too, which fewer kernels have than iptables' target.
 */
export function queueAct(faultId: string, index: number, victim: Victim, queued: QueuedPackets): NodeAct {
  const { node, netns } = victim;
  const enter = `nsenter --net=${netns}`;
  const name = actName(faultId, index);
  const file = `${faultsFolder}/${name}.queue`;
  const unit = `ordeal-queue-${name}`;
  const queue = queueNumber(faultId);
  const tables = familiesOf(victim).flatMap((family) =>
    waysOf(queued.filter).map((way) => queueChain({ family, way, enter, chain: chainOf(faultId), queue }, queued)),
  );
  const start = `systemd-run --quiet --collect --unit=${unit} ${enter} perl ${file} ${queue} ${queued.words.join(' ')}`;
  const bound = `${enter} grep -q '^ *${queue} ' /proc/net/netfilter/nfnetlink_queue`;
  const awaitBound = `n=0; until ${bound}; do n=$((n+1)); test $n -lt 50 || exit 1; sleep 0.1; done`;
  const remove = tables.map(({ remove }) => remove).join('; ');
  const gone = tables.map(({ gone }) => gone).join(' && ');
  return {
    site: { node },
    apply: [`cat > ${file}`, start, awaitBound, ...tables.map(({ add }) => add)].join(' && '),
    stdin: packetQueue(),
    undo: `${remove}; systemctl stop ${unit} 2>/dev/null; { test ! -e ${netns} || { ${gone}; }; } && ! systemctl is-active --quiet ${unit}`,
    isApplied: [`systemctl is-active --quiet ${unit}`, ...tables.map(({ held }) => held)].join(' && '),
  };
}

/** Clear of the low numbers that policy engines and captures take; faults on one pod must differ. */
function queueNumber(faultId: string): number {
  return 20_000 + (createHash('sha256').update(faultId).digest().readUInt16BE(0) % 40_000);
}

function familiesOf({ ips }: Victim): Family[] {
  return ips.some((ip) => ip.includes(':')) ? ['ip', 'ip6'] : ['ip'];
}

const points: Record<Way, { readonly hook: string; readonly loopback: string; readonly peer: string }> = {
  ingress: { hook: 'PREROUTING', loopback: '! -i lo', peer: '-s' },
  egress: { hook: 'POSTROUTING', loopback: '! -o lo', peer: '-d' },
};

interface ChainPlace {
  readonly family: Family;
  readonly way: Way;
  readonly enter: string;
  readonly chain: string;
  readonly queue: number;
}

/** The jump comes last, so that half a chain never acts. */
function queueChain({ family, way, enter, chain: base, queue }: ChainPlace, { filter, match }: QueuedPackets) {
  const ipt = `${enter} ${family === 'ip' ? 'iptables' : 'ip6tables'} -w 5 -t mangle`;
  const { hook, loopback, peer } = points[way];
  const chain = `${base}-${way === 'ingress' ? 'I' : 'E'}`;
  const peers = peersOf(filter, family)?.map((one) => `${peer} ${one}`) ?? [''];
  const kinds = match ?? kindMatches(filter, family);
  const rules = peers.flatMap((one) => kinds.map((kind) => [one, kind].filter(Boolean).join(' ')));
  const jump = `${hook} ${loopback} -j ${chain}`;
  const target = `-m mark ! --mark ${sentAgainMark} -j NFQUEUE --queue-num ${queue} --queue-bypass`;
  const add = rules.map((rule) => `${ipt} -A ${chain} ${rule} ${target}`);
  const gone = `! ${ipt} -S ${chain} >/dev/null 2>&1`;
  const drop = `while ${ipt} -D ${jump} 2>/dev/null; do :; done; ${ipt} -F ${chain} 2>/dev/null; ${ipt} -X ${chain} 2>/dev/null`;
  return {
    add: [`${ipt} -N ${chain}`, ...add, `${ipt} -I ${jump}`].join(' && '),
    remove: drop,
    gone,
    held: `${ipt} -C ${jump}`,
  };
}

/** IPv6 finds its neighbours by ICMP, which is never a fault's business. */
function kindMatches({ ports, protocol }: PacketFilter, family: Family): string[] {
  const icmp = family === 'ip' ? '-p icmp' : '-p icmpv6 --icmpv6-type echo-request';
  if (protocol === 'icmp') return [icmp];
  const protocols = protocol === undefined ? ['tcp', 'udp'] : [protocol];
  if (ports !== undefined) return protocols.map((one) => `-p ${one} -m multiport --ports ${ports.join(',')}`);
  if (protocol !== undefined) return [`-p ${protocol}`];
  return family === 'ip' ? [''] : [...protocols.map((one) => `-p ${one}`), icmp];
}
