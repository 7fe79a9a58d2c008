import { isIPv4, isIPv6 } from 'node:net';
import { OrdealError } from './errors.ts';

/** An IP address as a number, so that a block test is two comparisons. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A range of addresses, less the ranges it excepts. */
export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[] | undefined;
}

export type AddressTest = (address: Address) => boolean;

const word = (text: string) => BigInt(`0x${text}`);
const joined = (parts: readonly bigint[], bits: bigint) => parts.reduce((sum, part) => (sum << bits) | part, 0n);

/** Returns the address. @throws OrdealError USAGE for text that is no IP address. */
export function parseAddress(text: string): Address {
  if (isIPv4(text)) return { family: 4, value: joined(text.split('.').map(BigInt), 8n) };
  if (isIPv6(text)) return { family: 6, value: parseV6(text) };
  throw new OrdealError('USAGE', `"${text}" is not an IP address`);
}

function parseV6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const [head, tail] = (dotted === null ? text : `${dotted[1] ?? ''}${asWords(dotted[2] ?? '')}`).split('::');
  const before = (head ?? '').split(':').filter((part) => part !== '');
  const after = (tail ?? '').split(':').filter((part) => part !== '');
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return joined([...before, ...gap, ...after].map(word), 16n);
}

function asWords(dotted: string): string {
  const value = joined(dotted.split('.').map(BigInt), 8n);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

/** Returns the block that holds this address alone. */
export function hostBlock(ip: string): string {
  return `${ip}/${ip.includes(':') ? 128 : 32}`;
}

/** Returns the loopback address of the family of `ip`. */
export function loopbackLike(ip: string): string {
  return ip.includes(':') ? '::1' : '127.0.0.1';
}

/** Returns a test "inside this CIDR"; host bits in the CIDR are ignored, an address of the other family is outside. */
export function compileCidr(cidr: string): AddressTest {
  const [base = '', length = ''] = cidr.split('/');
  const { family, value } = parseAddress(base);
  const shift = BigInt((family === 4 ? 32 : 128) - Number(length));
  const prefix = value >> shift;
  return (address) => address.family === family && address.value >> shift === prefix;
}

/** Returns whether every address of `inner` lies in `outer` and `outer` is the larger. */
export function narrower(inner: string, outer: string): boolean {
  const [base = '', length = ''] = inner.split('/');
  return Number(length) > Number(outer.split('/')[1]) && compileCidr(outer)(parseAddress(base));
}

/** Returns a test "inside the block's CIDR and inside none of its exceptions". */
export function compileIpBlock(block: IpBlock): AddressTest {
  const inside = compileCidr(block.cidr);
  const excepted = (block.except ?? []).map(compileCidr);
  return (address) => inside(address) && !excepted.some((test) => test(address));
}
