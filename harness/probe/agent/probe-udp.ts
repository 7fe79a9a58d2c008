import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ProbeResult } from '../types.ts';
import type { Attempt } from './probe-tcp.ts';
import { repeat, withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { timed } from './timed.ts';
import { type Finding, findingOf } from './verdict.ts';

type UdpProbe = WireProbeOf<'udp'>;

/** Returns a payload of `bytes` that starts with as much of a fresh nonce as fits. */
export function noncePayload(bytes = 16): Buffer {
  const payload = Buffer.alloc(bytes, 'o');
  payload.write(randomBytes(8).toString('hex'), 'latin1');
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
 * Opens a socket connected to the peer, so that an ICMP error comes back as an error of this socket (udp(7)).
 * `ready` runs once it may send.
 */
export function connectedSocket(
  address: string,
  port: number,
  failed: (error: Error) => void,
  ready: () => void,
): Socket {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  socket.on('error', failed);
  // As a listener, not a callback: given a callback, dgram would report a failed connect there only.
  socket.on('connect', ready);
  socket.connect(port, address);
  return socket;
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
