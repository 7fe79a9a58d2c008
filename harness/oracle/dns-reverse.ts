import { parseAddress } from '../base/cidr.ts';

/** Returns the name a PTR question asks for, lower case and without the final dot. @throws OrdealError USAGE for a bad address. */
export function reverseName(ip: string): string {
  const { family, value } = parseAddress(ip);
  if (family === 4) return `${digits(value, 4, 8n).join('.')}.in-addr.arpa`;
  const nibbles = digits(value, 32, 4n).map((it) => it.toString(16));
  return `${nibbles.join('.')}.ip6.arpa`;
}

/** The address in base 2^bits, least significant first, as reverse zones nest. */
function digits(value: bigint, count: number, bits: bigint): bigint[] {
  return Array.from({ length: count }, (_, at) => (value >> (BigInt(at) * bits)) & ((1n << bits) - 1n));
}
