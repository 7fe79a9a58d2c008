import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { NodeInfo } from '../../../harness/kube/nodes.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';

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

interface AddressLimits {
  readonly nodeIps: readonly string[];
  readonly serviceCidrs: readonly string[];
  /** Absent: the CNI takes addresses from where it likes. */
  readonly podCidrs?: readonly string[] | undefined;
}

/** Ranges in which no address reaches from one machine to another (RFC 6890). */
const unroutable: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0/8', '::/128'],
  loopback: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
};

/** Returns why a pod without hostNetwork may not have this address, or undefined where it may. */
export function addressFlaw(ip: string, { nodeIps, serviceCidrs, podCidrs }: AddressLimits): string | undefined {
  const kind = Object.keys(unroutable).find((name) => inCidrs(ip, unroutable[name] ?? []));
  if (kind !== undefined) return `${ip} is ${kind}`;
  if (nodeIps.includes(ip)) return `${ip} is a node's`;
  if (inCidrs(ip, serviceCidrs)) return `${ip} is of the Services' range ${serviceCidrs.join(', ')}`;
  if (podCidrs === undefined || inCidrs(ip, podCidrs)) return undefined;
  return `${ip} is outside of ${podCidrs.join(', ')}, which the CNI was told`;
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
