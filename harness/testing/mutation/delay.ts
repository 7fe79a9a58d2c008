import { packetQueue } from '../../fault/pod/queue.ts';
import { background } from './changes.ts';
import type { Bed, BedNode, Change } from './types.ts';

/** Queues of ours, clear of what a policy engine on NFQUEUE takes (98 upwards) and of single digits. */
const firstQueue = 7_300;

interface Delay {
  readonly id: string;
  readonly ms: number;
  /** Matches of iptables, one a rule. */
  readonly match: readonly string[];
  /** Path of the network namespace of a pod whose packets are held, before any datapath has them. */
  readonly netns?: string;
}

/**
 * Returns packets that leave a node, or a pod on it, being held for so long. The kernel has no netem, so a program on the
 * node holds them (NFQUEUE), and lets pass what comes while it does not run.
 */
export function delayed(bed: Bed, node: BedNode, { id, ms, match, netns }: Delay): Change {
  const queue = firstQueue + bed.nodes.indexOf(node);
  const chain = `ORDEAL-${id}`.toUpperCase();
  const enter = netns === undefined ? [] : ['nsenter', `--net=${netns}`];
  const ipt = [...enter, 'iptables -w 5 -t mangle'].join(' ');
  const rules = match.map((one) => `${ipt} -A ${chain} ${one} -j NFQUEUE --queue-num ${queue} --queue-bypass`);
  const remove = [
    `while ${ipt} -D POSTROUTING -j ${chain} 2>/dev/null; do :; done`,
    `${ipt} -F ${chain} 2>/dev/null; ${ipt} -X ${chain} 2>/dev/null`,
    `! ${ipt} -S ${chain} >/dev/null 2>&1`,
  ].join('; ');
  return background(bed, node, id, {
    argv: [...enter, 'perl', 'SCRIPT', String(queue), `delay=${ms}`],
    script: packetQueue(),
    before: [`${ipt} -N ${chain}`, ...rules, `${ipt} -I POSTROUTING -j ${chain}`].join(' && '),
    after: remove,
  });
}
