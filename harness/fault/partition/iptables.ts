import { createHash } from 'node:crypto';
import { tunnelPorts, tunnelProtocols, type Cut } from './cut.ts';
import type { NodeAct } from '../types.ts';

/** The chain of a fault. Hashed because iptables allows 28 characters. */
export const chainOf = (id: string) => `ORDEAL-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;

/**
 * Returns the cut for nodes without nftables: an own chain in table raw. Only arriving packets are dropped; the peer
 * drops the other direction.
 */
export function iptablesAct(id: string, cut: Cut): NodeAct {
  const chain = chainOf(id);
  const ipt = 'iptables -w 5 -t raw';
  const rules = cut.dropIn ? arriving(cut).map((rule) => `${ipt} -A ${chain} ${rule} -j DROP`) : [];
  const remove = `while ${ipt} -D PREROUTING -j ${chain} 2>/dev/null; do :; done; ${ipt} -F ${chain} 2>/dev/null; ${ipt} -X ${chain} 2>/dev/null`;
  return {
    site: { node: cut.node },
    apply: [`${ipt} -N ${chain}`, ...rules, `${ipt} -I PREROUTING -j ${chain}`].join(' && '),
    undo: `${remove}; ! ${ipt} -S ${chain} >/dev/null 2>&1`,
    isApplied: `${ipt} -C PREROUTING -j ${chain}`,
  };
}

function arriving(cut: Cut): string[] {
  const isV4 = (address: string) => !address.includes(':');
  const ports = `-p udp -m multiport --dports ${tunnelPorts.join(',')}`;
  const tunnels = cut.peerIps
    .filter(isV4)
    .flatMap((ip) => [`-s ${ip} ${ports}`, ...tunnelProtocols.map((protocol) => `-s ${ip} -p ${protocol}`)]);
  const pods = cut.podCidrs.filter(isV4);
  const plain = pods.flatMap((from) => pods.map((to) => `-m mac --mac-source ${cut.peerMac} -s ${from} -d ${to}`));
  return [...tunnels, ...plain];
}
