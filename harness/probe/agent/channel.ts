import { Agent } from 'node:http';
import type { ProbeResult } from '../types.ts';
import { probeHttp } from './probe-http.ts';
import { runProbe } from './run-probes.ts';
import type { WireProbe, WireProbeOf } from './schema.ts';
import { nowUs } from './timed.ts';
import { TcpLine } from './tcp-line.ts';
import { UdpLine } from './udp-line.ts';

/** What a sampler sends its attempts on. */
export interface Channel {
  /** Runs one attempt to its verdict; never rejects. */
  attempt(): Promise<ProbeResult>;
  close(): void;
}

function freshChannel(probe: WireProbe): Channel {
  return { attempt: () => runProbe(probe, { retry: false }), close: () => undefined };
}

function httpChannel(probe: WireProbeOf<'http'>): Channel {
  // One connection: a request that waits for the one before it is late, and its latency says so. A machine that is
  // slower than the schedule would soon let all of them time out in the queue, unsent; only silence is a drop.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
  let lastUs = 0;
  const attempt = async () => {
    const result = await probeHttp(probe, { agent, answeredUs: () => lastUs });
    if (result.verdict === 'open') lastUs = nowUs();
    return result;
  };
  return { attempt, close: () => agent.destroy() };
}

/**
 * Returns a channel for `probe`: with `reuse` one kept connection (or UDP socket), replaced when it breaks or an
 * attempt on it stays unanswered; without, or for DNS and lookups, a new one each time.
 */
export function openChannel(probe: WireProbe, reuse: boolean): Channel {
  if (!reuse) return freshChannel(probe);
  if (probe.kind === 'tcp') return new TcpLine(probe);
  if (probe.kind === 'udp') return new UdpLine(probe);
  if (probe.kind === 'http' && probe.tls !== true) return httpChannel(probe);
  return freshChannel(probe);
}
