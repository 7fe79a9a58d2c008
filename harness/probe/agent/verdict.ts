import type { ProbeResult, Verdict } from '../types.ts';

/** A probe's outcome before its time is known. */
export type ProbeOutcome = Omit<ProbeResult, 'elapsedUs'>;

/*
 * errno(7), ip(7), icmp(7): RST and ICMP port unreachable surface as ECONNREFUSED; host, net and administratively
 * prohibited as the second group (EACCES and EPERM come from local reject rules and cgroup hooks), fragmentation needed
 * as EMSGSIZE (RFC 1191). A reset after the handshake is how a strict mesh sidecar turns a plaintext client away. EPROTO
 * is what TLS says of a peer that speaks something else. Everything else is the tool's own trouble.
 */
const verdicts: Readonly<Record<string, Verdict>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  ECONNABORTED: 'refused',
  EPIPE: 'refused',
  ETIMEDOUT: 'dropped',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENONET: 'unreachable',
  EMSGSIZE: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOPROTOOPT: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EPROTO: 'malformed',
};

/** What Node.js's HTTP parser (`HPE_...`) and its TLS say of bytes that are neither. */
const foreignBytes = /^(HPE_|ERR_SSL_)/;

/** What getaddrinfo(3) says of a name: unknown, without address, no answer of the resolver, one that is no use. */
const unresolvedCodes = new Set(['ENOTFOUND', 'EAI_NODATA', 'EAI_AGAIN', 'EAI_FAIL']);

/** Returns the error code of anything thrown (`ECONNREFUSED`), else its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** Returns what a socket error says about the network; `inconclusive` where it says something about the tool. */
export function outcomeOf(error: unknown): ProbeOutcome {
  const code = codeOf(error);
  const verdict = verdicts[code];
  if (verdict !== undefined) return { verdict, error: code };
  if (foreignBytes.test(code)) return { verdict: 'malformed', error: code };
  return { verdict: 'inconclusive', error: error instanceof Error ? error.message : code };
}

/** Returns what a failed resolution of `host` says: nothing was sent, and the resolver is part of the network. */
export function unresolved(host: string, error: unknown): ProbeOutcome {
  const code = codeOf(error);
  const verdict = unresolvedCodes.has(code) ? 'unresolved' : 'inconclusive';
  return { verdict, error: `${host} does not resolve: ${code}` };
}

/** Returns the same of an error that is known by its code alone. */
export function outcomeOfCode(code: string): ProbeOutcome {
  return outcomeOf(Object.assign(new Error(code), { code }));
}

/** Returns an IPv4 address as such where a dual-stack socket shows it mapped into IPv6. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}
