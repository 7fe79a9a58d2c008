import type { NodeExec } from '../../node/types.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import type { Cluster } from '../../cluster/types.ts';
import { OrdealError } from '../../base/errors.ts';
import type { Cut } from './cut.ts';
import { iptablesAction } from './iptables.ts';
import { hasNftables, underlayTowards } from '../../node/node-facts.ts';
import { nftablesAction } from './nftables.ts';
import type { FaultPlan } from '../types.ts';

export interface PartitionSpec {
  readonly from: NodeInfo;
  readonly to: NodeInfo;
  /** `one-way`: only packets travelling `from` -> `to` are lost. */
  readonly direction: 'both' | 'one-way';
  readonly effect: FaultPlan['effect'];
}

/**
 * Plans a partition between the pods of two nodes. Sender and receiver both drop: on the sender where packets leave
 * the underlay device, on the receiver where they arrive, so that it acts whether the CNI routes, bridges or hands
 * packets over in BPF. Throws OrdealError FAULT when the nodes cannot be entered or reached.
 */
export async function planPartition(
  cluster: Pick<Cluster, 'info' | 'nodeExec'>,
  spec: PartitionSpec,
): Promise<FaultPlan> {
  const { from, to, direction, effect } = spec;
  const exec = cluster.nodeExec;
  if (exec === undefined) throw new OrdealError('FAULT', 'a partition needs access to the nodes');
  const cuts = await cutsOf(exec, cluster.info.podCidrs, spec);
  const nft = (await Promise.all([hasNftables(exec, from.name), hasNftables(exec, to.name)])).every(Boolean);
  const arrow = direction === 'both' ? '<->' : '->';
  return {
    kind: 'partition',
    title: `pods of ${from.name} ${arrow} pods of ${to.name} cut`,
    actions: (id) => cuts.map((cut) => (nft ? nftablesAction(id, cut) : iptablesAction(id, cut))),
    effect,
  };
}

async function cutsOf(exec: NodeExec, podCidrs: readonly string[], spec: PartitionSpec): Promise<Cut[]> {
  const { from, to, direction } = spec;
  const [fromSide, toSide] = await Promise.all([
    underlayTowards(exec, from.name, to.ip),
    underlayTowards(exec, to.name, from.ip),
  ]);
  const both = direction === 'both';
  return [
    {
      node: from.name,
      device: fromSide.device,
      peerIps: to.ips,
      peerMac: toSide.mac,
      podCidrs,
      dropIn: both,
      dropOut: true,
    },
    {
      node: to.name,
      device: toSide.device,
      peerIps: from.ips,
      peerMac: fromSide.mac,
      podCidrs,
      dropIn: true,
      dropOut: both,
    },
  ];
}
