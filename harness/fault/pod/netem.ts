import type { NodeExec } from '../../node/types.ts';
import type { NodeAct } from '../types.ts';
import type { PacketFilter } from './filter.ts';
import { qdiscHandle } from './names.ts';
import type { Victim } from './victims.ts';

/** Whether the kernel of a node has netem, shown in a network namespace made for the question. */
export async function hasNetem(exec: NodeExec, node: string): Promise<boolean> {
  const tried = await exec(node, [
    'unshare',
    '--net',
    'tc',
    'qdisc',
    'add',
    'dev',
    'lo',
    'root',
    'netem',
    'delay',
    '1ms',
  ]);
  return tried.code === 0;
}

/** netem takes all that leaves a device: a filter, or what arrives, is for the other ways. */
export function fitsNetem({ direction, peers, ports, protocol }: PacketFilter): boolean {
  return direction === 'egress' && peers === undefined && ports === undefined && protocol === undefined;
}

/** Returns the act that has the kernel's netem do it to what leaves a pod; `words` are netem's own: `delay 100ms 10ms`. */
export function netemAct(faultId: string, { node, netns, device }: Victim, words: string): NodeAct {
  const handle = qdiscHandle(faultId);
  const tc = `nsenter --net=${netns} tc qdisc`;
  const held = `${tc} show dev ${device} | grep -q 'netem ${handle} root'`;
  return {
    site: { node },
    apply: `${tc} add dev ${device} root handle ${handle} netem ${words}`,
    undo: `test ! -e ${netns} || ! ${held} || ${tc} del dev ${device} root handle ${handle}`,
    isApplied: held,
  };
}
