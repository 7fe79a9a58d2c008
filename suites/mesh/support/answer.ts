import { z } from 'zod';
import type { MeshIdentity } from '../../../clusters/mesh-product.ts';
import type { MeshAnswer } from '../../../harness/oracle/mesh.ts';
import type { ProbeResult } from '../../../harness/probe/types.ts';

/** What the client saw, in the oracle's words; anything else is told as it was. */
export interface MeshSeen {
  readonly verdict: string;
  /** Identity the server's proxy verified; absent when the request did not come over mTLS. */
  readonly identity?: string;
}

const ok = 200;
const upstreamFailed = 503;
const Echo = z.looseObject({ headers: z.record(z.string(), z.unknown()) });

/**
 * Returns what a client saw. A client without proxy is reset by a server that wants mTLS; a proxy in front of the
 * client turns the same reset into a 503 of its own, without the server's signature.
 */
export function seenBy(result: ProbeResult, mesh: MeshIdentity): MeshSeen {
  const status = result.http?.status;
  if (result.verdict === 'refused') return { verdict: 'reset' };
  if (status === upstreamFailed && result.responder === undefined) return { verdict: 'reset' };
  if (status !== ok) return { verdict: status === undefined ? result.verdict : `HTTP ${status}` };
  const identity = callerIdentity(result.http?.body ?? '', mesh);
  return identity === undefined ? { verdict: 'open' } : { verdict: 'open', identity };
}

/** Returns the caller's identity that the server's proxy wrote into the request the agent echoes. */
export function callerIdentity(body: string, { header, read }: MeshIdentity): string | undefined {
  const echo = Echo.safeParse(parsed(body));
  const value = echo.success ? echo.data.headers[header] : undefined;
  return typeof value === 'string' ? read(value) : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Returns undefined when a client saw what the oracle says, else one line with both and the oracle's reason. */
export function meshDifference(want: MeshAnswer, result: ProbeResult, mesh: MeshIdentity): string | undefined {
  const seen = seenBy(result, mesh);
  const encrypted = seen.identity !== undefined;
  if (seen.verdict === want.verdict && (seen.verdict !== 'open' || encrypted === want.encrypted)) return undefined;
  const how = seen.verdict === 'open' ? ` ${encrypted ? `with identity ${seen.identity}` : 'without identity'}` : '';
  const error = result.error === undefined ? '' : ` (${result.error})`;
  return `saw ${seen.verdict}${how}${error}; wanted ${want.reason}`;
}
