import type { ProbeResult } from '../types.ts';
import type { Expectation } from './schema.ts';

const serverError = 500;
/** Anything else (SERVFAIL, REFUSED) is a resolver that cannot say; RFC 2308 has both of these as answers. */
const answering = ['NOERROR', 'NXDOMAIN'];

const isAmong = (wanted: readonly unknown[] | undefined, got: unknown) => wanted === undefined || wanted.includes(got);
const canonical = (records: readonly string[]) => [...new Set(records.map((one) => one.toLowerCase()))].sort().join();

function unexpectedHttp({ http }: ProbeResult, { statuses }: Expectation): string | undefined {
  if (http === undefined) return undefined;
  const { status } = http;
  const isFine = statuses === undefined ? status < serverError : statuses.includes(status);
  return isFine ? undefined : `HTTP ${status}`;
}

function unexpectedDns({ dns }: ProbeResult, { rcodes = answering, records }: Expectation): string | undefined {
  if (dns === undefined) return undefined;
  if (!rcodes.includes(dns.rcode)) return dns.rcode;
  if (records === undefined || canonical(records) === canonical(dns.answers)) return undefined;
  return `records ${dns.answers.join(', ') || 'none'}`;
}

/** Returns what an answer is that `expect` did not want, in a few words; undefined for one that is as wanted. */
export function unexpected(result: ProbeResult, expect: Expectation = {}): string | undefined {
  if (result.verdict !== 'open') return undefined;
  const { responder } = result;
  if (!isAmong(expect.responders, responder)) return `answered by ${responder ?? 'nobody known'}`;
  return unexpectedHttp(result, expect) ?? unexpectedDns(result, expect);
}
