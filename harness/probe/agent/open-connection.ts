import type { Connection } from './connection.ts';
import { HttpConnection } from './http-connection.ts';
import { runProbe } from './run-probes.ts';
import type { WireProbe } from './schema.ts';
import { TcpConnection } from './tcp-connection.ts';
import { UdpConnection } from './udp-connection.ts';

function freshConnections(probe: WireProbe): Connection {
  return { attempt: async () => ({ result: await runProbe(probe, {}) }), close: () => undefined };
}

/**
 * Returns what carries the attempts at `probe`: with `reuse` one kept connection (or UDP socket), replaced when it breaks
 * or an attempt on it stays unanswered; without, or for DNS and lookups, a new one each time.
 */
export function openConnection(probe: WireProbe, reuse: boolean): Connection {
  if (!reuse) return freshConnections(probe);
  if (probe.kind === 'tcp') return new TcpConnection(probe);
  if (probe.kind === 'udp') return new UdpConnection(probe);
  if (probe.kind === 'http' && probe.tls !== true) return new HttpConnection(probe);
  return freshConnections(probe);
}
