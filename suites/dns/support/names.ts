import { isIPv4 } from 'node:net';
import type { CaseContext } from '../../../harness/case/types.ts';

/** Returns `name.namespace.svc.<cluster domain>`. */
export function serviceName(ctx: Pick<CaseContext, 'cluster'>, name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${ctx.cluster.info.clusterDomain}`;
}

/** Returns the record type that holds an address of this family. */
export function addressType(ip: string): 'A' | 'AAAA' {
  return isIPv4(ip) ? 'A' : 'AAAA';
}

/** Returns `port target` of SRV records: weight and priority are the server's own choice. */
export function srvTargets(records: readonly string[]): string[] {
  return records.map((record) => record.split(' ').slice(2).join(' '));
}

/** Returns the name whose PTR record tells who has `ip` (RFC 1035 section 3.5, RFC 3596 section 2.5). */
export function reverseName(ip: string): string {
  if (isIPv4(ip)) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${expandIpv6(ip).split('').reverse().join('.')}.ip6.arpa`;
}

/** Returns the 32 hexadecimal digits of an IPv6 address. */
export function expandIpv6(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups.map((group) => group.padStart(4, '0')).join('');
}
