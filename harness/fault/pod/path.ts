import { compileCidr, hostBlock, parseAddress } from '../../base/cidr.ts';
import { netnsOf } from '../../node/netns.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultTarget } from '../driver.ts';
import type { EchoSpec, Vantage } from './echo.ts';
import type { PacketFilter } from './filter.ts';
import { PodView, type Victim } from './victims.ts';

/** A path on which packets that a filter matches can be seen, from where they are sent. */
export interface SeenPath {
  readonly from: Vantage;
  readonly kind: EchoSpec['kind'];
  readonly to: string;
  readonly port?: number;
}

/** Returns the paths where none is of TCP, which sends again what a fault took and so hides it; else undefined. */
export function unlessTcp(paths: readonly SeenPath[] | undefined): readonly SeenPath[] | undefined {
  return paths?.every(({ kind }) => kind !== 'tcp') === true ? paths : undefined;
}

interface Peer {
  readonly vantage: Vantage;
  readonly ip: string;
  readonly port?: number;
}

/** Answered by the kernel of a pod whatever runs there: nothing listens, and that is an answer too. */
const nobodysPort = 9;
/** Of the kubelet, which listens on every node. */
const kubeletPort = 10_250;

/**
 * Returns the path from a peer of the filter to the pod; from the pod's own node where it names none. Undefined where no
 * peer is a pod or node that packets could be sent from, or nothing of the pod would answer.
 */
export async function pathTo(
  target: FaultTarget,
  exec: NodeExec,
  victim: Victim,
  filter: PacketFilter,
): Promise<SeenPath | undefined> {
  const peer = await peerOf(target, exec, victim, filter);
  if (peer === undefined) return undefined;
  const kind = filter.protocol ?? (filter.ports === undefined ? 'icmp' : 'tcp');
  const served = victim.ports.find(({ protocol }) => protocol.toLowerCase() === kind)?.port;
  const port = filter.ports?.[0] ?? served;
  if (kind === 'udp' && port === undefined) return undefined;
  return { from: peer.vantage, to: victim.ip, kind, ...(kind !== 'icmp' && { port: port ?? nobodysPort }) };
}

/** Returns the path of connections from the pod to a peer of the filter; to its node where it names none. */
export async function pathFrom(
  target: FaultTarget,
  exec: NodeExec,
  victim: Victim,
  filter: PacketFilter,
): Promise<SeenPath | undefined> {
  const peer = await peerOf(target, exec, victim, filter);
  if (peer === undefined) return undefined;
  const from = { title: `pod ${victim.namespace}/${victim.name}`, node: victim.node, netns: victim.netns };
  return { from, to: peer.ip, kind: 'tcp', port: filter.ports?.[0] ?? peer.port ?? kubeletPort };
}

async function peerOf(
  { info, kube }: FaultTarget,
  exec: NodeExec,
  victim: Victim,
  { peers }: PacketFilter,
): Promise<Peer | undefined> {
  const own = info.nodes.find(({ name }) => name === victim.node);
  const ownPeer = own && { vantage: { title: `node ${own.name}`, node: own.name }, ip: own.ip };
  if (peers === undefined) return ownPeer;
  const blocks = peers.map((peer) => compileCidr(peer.includes('/') ? peer : hostBlock(peer)));
  const isPeer = (ip: string) => blocks.some((holds) => holds(parseAddress(ip)));
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod' })).map((pod) => PodView.parse(pod));
  for (const { metadata, spec, status } of pods) {
    const { podIP: ip } = status;
    const runs = !spec.hostNetwork && status.phase === 'Running' && spec.nodeName !== undefined;
    if (!runs || ip === undefined || ip === victim.ip || ip.includes(':') || !isPeer(ip)) continue;
    const title = `pod ${metadata.namespace}/${metadata.name}`;
    const port = spec.containers.flatMap((one) => one.ports).find(({ protocol }) => protocol === 'TCP')?.containerPort;
    const netns = await netnsOf(exec, spec.nodeName ?? '', ip);
    return { vantage: { title, node: spec.nodeName ?? '', netns }, ip, ...(port !== undefined && { port }) };
  }
  return ownPeer !== undefined && isPeer(ownPeer.ip) ? ownPeer : undefined;
}
