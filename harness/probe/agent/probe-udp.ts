import type { ProbeResult } from '../types.ts';
import type { Attempt } from './probe-tcp.ts';
import { repeat, withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { timed } from './timed.ts';
import { connectedSocket } from './udp-socket.ts';
import { type Finding, findingOf } from './verdict.ts';

type UdpProbe = WireProbeOf<'udp'>;

/** Returns a payload of `bytes` that starts with as much of a fresh nonce as fits. */
export function noncePayload(bytes = 16): Buffer {
  const payload = Buffer.alloc(bytes, 'o');
  // Tells late echoes of other probes apart, nothing more; node:crypto would cost every pod start-up time.
  payload.write(Math.random().toString(36).padEnd(16, '0').slice(2), 'latin1');
  return payload;
}

/** Returns the finding of a reply `<pod name> <peer address> <payload>`, or undefined if it answers another payload. */
export function readEcho(reply: Buffer, payload: Buffer): Finding | undefined {
  const [head, responder, peerSeen] = /^(\S+) (\S+) /.exec(reply.toString('latin1')) ?? [];
  if (head === undefined) return undefined;
  const echo = reply.subarray(head.length);
  if (!payload.subarray(0, echo.length).equals(echo)) return undefined;
  return { verdict: 'open', responder, peerSeen };
}

/**
 * Sends `payloadBytes` and awaits the echo; with `retry` twice more inside the timeout, the same datagram, so that
 * one lost packet is no verdict. ICMP port unreachable is `refused`.
 */
export function probeUdp(probe: UdpProbe, attempt: Attempt): Promise<ProbeResult> {
  const payload = noncePayload(probe.payloadBytes);
  const again = attempt.retry ? [0.3, 0.6] : [];
  const begin = withAddress(probe.host, (address, done) => {
    let stop: (() => void) | undefined;
    const fail = (error: Error | null) => error !== null && done(findingOf(error));
    const socket = connectedSocket(address, probe.port, fail, () => {
      stop = repeat(probe.timeoutMs, again, () => socket.send(payload, fail));
    });
    socket.on('message', (reply) => {
      const finding = readEcho(reply, payload);
      if (finding !== undefined) done(finding);
    });
    return () => {
      stop?.();
      socket.close();
    };
  });
  return timed(probe.timeoutMs, begin, { patience: attempt.patience });
}
