import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { NodeInfo } from '../../../harness/kube/nodes.ts';
import type { Agent } from '../../../harness/probe/types.ts';

/** Returns true when both are addresses of one family. */
export function sameFamily(a: string, b: string): boolean {
  return isIP(a) !== 0 && isIP(a) === isIP(b);
}

/** Returns the addresses of a node that `agent` has a family for. */
export function addressesFor(agent: Agent, node: Pick<NodeInfo, 'ips'>): string[] {
  return node.ips.filter((ip) => agent.ips.some((own) => sameFamily(own, ip)));
}

/** Returns true when `ip` lies in one of `cidrs`. A malformed CIDR holds nothing. */
export function inCidrs(ip: string, cidrs: readonly string[]): boolean {
  return cidrs.some((cidr) => inCidr(ip, cidr));
}

function inCidr(ip: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  if (!sameFamily(ip, network) || !/^\d+$/.test(bits)) return false;
  const family = isIPv4(ip) ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(ip, family);
}

/** Returns the IPv6 address of an agent, undefined when it has none. */
export function ipv6Of(agent: Agent): string | undefined {
  return agent.ips.find((ip) => isIPv6(ip));
}

/** Returns all ordered pairs of different agents for which `keep` holds. */
export function pairs(agents: readonly Agent[], keep: (from: Agent, to: Agent) => boolean): [Agent, Agent][] {
  return agents.flatMap((from) =>
    agents.filter((to) => to !== from && keep(from, to)).map((to): [Agent, Agent] => [from, to]),
  );
}

export const onOneNode = (from: Agent, to: Agent) => from.node === to.node;
export const onTwoNodes = (from: Agent, to: Agent) => from.node !== to.node;
