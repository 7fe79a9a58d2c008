import type { Cluster } from '../../cluster/types.ts';
import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import { tunnelPorts, tunnelProtocols, type Cut } from './cut.ts';
import type { NodeAct } from '../types.ts';

/** The table of a fault; owned by name, so that deleting it can never take a foreign rule along. */
export const tableOf = (id: string) => `ordeal_${id.replaceAll('-', '_')}`;

/**
 * Returns the cut as an nftables table of family netdev. Its hooks sit below routing, bridging and kube-proxy, on the
 * underlay device only: traffic between pods of one node never meets them.
 */
export function nftablesAct(id: string, cut: Cut): NodeAct {
  const table = `netdev ${tableOf(id)}`;
  return {
    site: { node: cut.node },
    apply: 'nft -f -',
    stdin: ruleset(tableOf(id), cut),
    undo: `nft delete table ${table} 2>/dev/null || ! nft list table ${table} >/dev/null 2>&1`,
    isApplied: `nft list table ${table} >/dev/null`,
  };
}

/** Returns the rules; both directions are counted, so that a one-way cut can show what still arrives. */
export function ruleset(table: string, cut: Cut): string {
  const into = matches(cut, 'saddr').map((match) => `    ${match} counter name seen_in${cut.dropIn ? ' drop' : ''}`);
  const out = matches(cut, 'daddr').map((match) => `    ${match} counter name seen_out${cut.dropOut ? ' drop' : ''}`);
  const hook = (name: string) => `    type filter hook ${name} device "${cut.device}" priority -500; policy accept;`;
  return [
    `table netdev ${table} {`,
    ...['  counter seen_in { }', '  counter seen_out { }'],
    ...['  chain into {', hook('ingress'), ...into, '  }'],
    ...['  chain outof {', hook('egress'), ...out, '  }'],
    '}',
    '',
  ].join('\n');
}

/** Tunnelled pod traffic by the peer's address, plain pod traffic by the peer's hardware address. */
function matches(cut: Cut, peerSide: 'saddr' | 'daddr'): string[] {
  return (['ip', 'ip6'] as const).flatMap((family) => {
    const peers = cut.peerIps.filter((ip) => familyOf(ip) === family);
    const pods = cut.podCidrs.filter((cidr) => familyOf(cidr) === family);
    const protocol = family === 'ip' ? 'ip protocol' : 'ip6 nexthdr';
    const tunnels = [
      `${family} ${peerSide} ${set(peers)} udp dport ${set(tunnelPorts)}`,
      `${family} ${peerSide} ${set(peers)} ${protocol} ${set(tunnelProtocols)}`,
    ];
    const plain = [`ether ${peerSide} ${cut.peerMac} ${family} saddr ${set(pods)} ${family} daddr ${set(pods)}`];
    return [...(peers.length > 0 ? tunnels : []), ...(pods.length > 0 ? plain : [])];
  });
}

const familyOf = (address: string) => (address.includes(':') ? 'ip6' : 'ip');
const set = (items: readonly (string | number)[]) => `{ ${items.join(', ')} }`;

const Counters = z.object({
  nftables: z.array(z.object({ counter: z.object({ name: z.string(), packets: z.int() }).optional() })),
});

/** Packets of the cut pod traffic a node has seen since the injection, dropped or not. */
export interface CutCounters {
  readonly arrived: number;
  readonly sent: number;
}

/** Returns the counters of a held partition on `node`. @throws OrdealError FAULT when the table is not there. */
export async function cutCounters(cluster: Pick<Cluster, 'nodeExec'>, node: string, id: string): Promise<CutCounters> {
  if (cluster.nodeExec === undefined) throw new OrdealError('FAULT', 'counters need access to the nodes');
  const list = ['nft', '-j', 'list', 'counters', 'table', 'netdev', tableOf(id)];
  const { nftables } = Counters.parse(JSON.parse(await runOnNode(cluster.nodeExec, node, 'read counters', list)));
  const packets = (name: string) => nftables.find((item) => item.counter?.name === name)?.counter?.packets ?? 0;
  return { arrived: packets('seen_in'), sent: packets('seen_out') };
}
