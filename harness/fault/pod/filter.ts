import { isIPv6 } from 'node:net';
import { z } from 'zod';

const Cidr = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);
const Port = z.int().min(1).max(65_535);

/** Which packets of a pod a fault is about; without any of them, all. */
export const filterFields = {
  direction: z
    .enum(['ingress', 'egress', 'both'])
    .default('both')
    .describe('as the pod sees it: ingress arrives at it, egress leaves it'),
  peers: z
    .array(Cidr)
    .min(1)
    .optional()
    .describe('addresses or CIDRs at the other end, as the pod sees them: of a Service, that is its ClusterIP'),
  ports: z.array(Port).min(1).max(15).optional().describe('a port of either end of the flow'),
  protocol: z.enum(['tcp', 'udp', 'icmp']).optional(),
};

/** The same as a type. */
export interface PacketFilter {
  readonly direction: 'ingress' | 'egress' | 'both';
  readonly peers?: readonly string[] | undefined;
  readonly ports?: readonly number[] | undefined;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | undefined;
}
export type Way = 'ingress' | 'egress';
export type Family = 'ip' | 'ip6';

/** What no protocol but TCP and UDP has. */
export const portsFit = {
  check: ({ ports, protocol }: Pick<PacketFilter, 'ports' | 'protocol'>) => ports === undefined || protocol !== 'icmp',
  said: { path: ['ports'], message: 'ICMP has no ports' },
};

/** Returns the directions that a filter names. */
export function waysOf({ direction }: Pick<PacketFilter, 'direction'>): Way[] {
  return direction === 'both' ? ['ingress', 'egress'] : [direction];
}

/** Returns how often an echo meets the filter on its way there and back. */
export function passesOf({ direction }: Pick<PacketFilter, 'direction'>): 1 | 2 {
  return direction === 'both' ? 2 : 1;
}

/** Returns the filter in a reader's words, for titles; empty for all packets. */
export function describeFilter({ direction, peers, ports, protocol }: PacketFilter): string {
  const parts = [
    ...(direction === 'both' ? [] : [direction]),
    ...(protocol === undefined ? [] : [protocol]),
    ...(ports === undefined ? [] : [`port ${ports.join(', ')}`]),
    ...(peers === undefined ? [] : [`peers ${peers.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Returns the peers of one family, undefined when the filter names none; an empty list matches nothing of it. */
export function peersOf({ peers }: Pick<PacketFilter, 'peers'>, family: Family): readonly string[] | undefined {
  return peers?.filter((peer) => isIPv6(peer.split('/')[0] ?? '') === (family === 'ip6'));
}
