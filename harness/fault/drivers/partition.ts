import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { hasNftables, underlayTowards } from '../../node/node-facts.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import type { Cut } from '../partition/cut.ts';
import { iptablesAct } from '../partition/iptables.ts';
import { nftablesAct } from '../partition/nftables.ts';

const Params = z.strictObject({
  from: z.string().describe('name of a node'),
  to: z.string().describe('name of another node'),
  direction: z.enum(['both', 'one-way']).describe('one-way: only packets travelling from -> to are lost'),
});
type Params = z.infer<typeof Params>;

/**
 * Cuts the pods of two nodes apart. Sender and receiver both drop: on the sender where packets leave the underlay
 * device, on the receiver where they arrive, so that it acts whether the CNI routes, bridges or hands packets over in
 * BPF. Which pods there are to see it by, only who injects knows.
 */
export const partition: FaultDriver<Params> = {
  name: 'partition',
  summary: 'cuts the pods of two nodes apart, both ways or one',
  targets: 'none',
  params: Params,
  needs: ['NodeAccess', 'MultiNode'],
  async plan(target, { from, to, direction }) {
    const exec = target.nodeExec;
    if (exec === undefined) throw new OrdealError('FAULT', 'a partition needs access to the nodes');
    const ends = { from: nodeOf(target, from), to: nodeOf(target, to) };
    const cuts = await cutsOf(exec, target.info.podCidrs, { ...ends, both: direction === 'both' });
    const nft = (await Promise.all([hasNftables(exec, from), hasNftables(exec, to)])).every(Boolean);
    const arrow = direction === 'both' ? '<->' : '->';
    return {
      title: `pods of ${from} ${arrow} pods of ${to} cut`,
      acts: (id) => cuts.map((cut) => (nft ? nftablesAct(id, cut) : iptablesAct(id, cut))),
    };
  },
};

function nodeOf({ info }: FaultTarget, name: string): NodeInfo {
  const found = info.nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  const names = info.nodes.map((node) => node.name).join(', ');
  throw new OrdealError('USAGE', `parameters of the fault partition: there is no node ${name}; nodes: ${names}`);
}

interface Ends {
  readonly from: NodeInfo;
  readonly to: NodeInfo;
  readonly both: boolean;
}

async function cutsOf(exec: NodeExec, podCidrs: readonly string[], { from, to, both }: Ends): Promise<Cut[]> {
  const [fromSide, toSide] = await Promise.all([
    underlayTowards(exec, from.name, to.ip),
    underlayTowards(exec, to.name, from.ip),
  ]);
  const sender = { node: from.name, device: fromSide.device, peerIps: to.ips, peerMac: toSide.mac };
  const receiver = { node: to.name, device: toSide.device, peerIps: from.ips, peerMac: fromSide.mac };
  return [
    { ...sender, podCidrs, dropIn: both, dropOut: true },
    { ...receiver, podCidrs, dropIn: true, dropOut: both },
  ];
}
