import { isIPv6 } from 'node:net';

/**
 * Returns the block of `bits` (counted as of IPv4, so /28 leaves sixteen addresses in either family) around an address,
 * with its host bits cleared: the API server refuses CIDRs that are not canonical (KEP-4858).
 */
export function blockAround(address: string, bits: number): string {
  if (isIPv6(address)) return `${clearHostBits6(address, 32 - bits)}/${128 - (32 - bits)}`;
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return `${dotted(value - (value % size))}/${bits}`;
}

/**
 * Returns the smallest canonical block that holds all these addresses of one family, and is at least four times as wide as
 * a /28 of IPv4: an `except` inside it must leave something. @throws Error without an address.
 */
export function blockAroundAll(addresses: readonly string[]): string {
  const [first] = addresses;
  if (first === undefined) throw new Error('a block needs an address');
  const width = isIPv6(first) ? 128 : 32;
  const values = addresses.map(toBits);
  const differing = values.reduce((bits, value) => bits | (value ^ toBits(first)), 0n);
  const hostBits = Math.max(differing.toString(2).length, narrowestHostBits);
  const base = (toBits(first) >> BigInt(hostBits)) << BigInt(hostBits);
  return `${isIPv6(first) ? written6(base) : dotted(Number(base))}/${width - hostBits}`;
}

const narrowestHostBits = 6;

function toBits(address: string): bigint {
  if (!isIPv6(address)) return BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const all = address.includes('::') ? [...left, ...zeros, ...right] : left;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** As the API server wants it (RFC 5952). */
function written6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Returns both single-address blocks of the pair that an address belongs to: together they are its whole /31. */
export function hostsOfPair(address: string): string[] {
  const [first = ''] = blockAround(address, 31).split('/');
  if (isIPv6(address)) return [`${first}/128`, `${first.replace(/[0-9a-f]*$/, (last) => plusOne(last))}/128`];
  const value = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [`${dotted(value)}/32`, `${dotted(value + 1)}/32`];
}

const dotted = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
const plusOne = (last: string) => (Number.parseInt(last || '0', 16) + 1).toString(16);

function clearHostBits6(address: string, hostBits: number): string {
  const cut = address.lastIndexOf(':') + 1;
  const last = Number.parseInt(address.slice(cut) || '0', 16);
  return `${address.slice(0, cut)}${(last - (last % 2 ** hostBits)).toString(16)}`;
}
