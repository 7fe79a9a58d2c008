import { OrdealError } from '../base/errors.ts';
import { runOnNode } from './run.ts';
import type { NodeExec } from './types.ts';

/** How one node reaches another on the underlay. */
export interface Underlay {
  readonly device: string;
  /** Hardware address of that device. */
  readonly mac: string;
}

/** Returns the device (and its address) `node` uses towards `peerIp`. @throws OrdealError FAULT when there is none. */
export async function underlayTowards(exec: NodeExec, node: string, peerIp: string): Promise<Underlay> {
  const route = await runOnNode(exec, node, `find the route to ${peerIp}`, ['ip', '-o', 'route', 'get', peerIp]);
  const device = /\bdev (?<device>[\w.@-]+)/.exec(route)?.groups?.['device'];
  if (device === undefined) throw new OrdealError('FAULT', `node ${node} has no device towards ${peerIp}: ${route}`);
  const mac = await runOnNode(exec, node, `read the address of ${device}`, ['cat', `/sys/class/net/${device}/address`]);
  return { device, mac: mac.trim() };
}

/** True when the node can load nftables rules; otherwise the iptables driver takes over. */
export async function hasNftables(exec: NodeExec, node: string): Promise<boolean> {
  return (await exec(node, ['nft', 'list', 'tables'])).code === 0;
}
