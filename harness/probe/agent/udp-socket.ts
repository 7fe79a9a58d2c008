import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { codeOf } from './verdict.ts';

/** Linux's ephemeral ports (ip(7), ip_local_port_range). */
const firstPort = 32_768;
const portCount = 28_232;
const mostTries = 50;

let next = Math.floor(Math.random() * portCount);

/*
 * A datagram from a port that spoke to the same peer a minute ago belongs, for conntrack, to an established flow and
 * passes a policy that denies new ones. The kernel picks ports at random and so would hit one sooner or later; taken
 * in turn, a port comes back long after its entry expired (120 s, nf_conntrack_udp_timeout_stream).
 */
function takePort(): number {
  next = (next + 1) % portCount;
  return firstPort + next;
}

/** Opens a socket on a port not used for long; `failed` runs on any error. */
export function boundSocket(peer: string, failed: (error: Error) => void): Socket {
  const socket = createSocket(isIPv6(peer) ? 'udp6' : 'udp4');
  let triesLeft = mostTries;
  const bind = () => socket.bind({ port: takePort(), exclusive: true });
  socket.on('error', (error) => {
    if (codeOf(error) === 'EADDRINUSE' && triesLeft-- > 0) bind();
    else failed(error);
  });
  bind();
  return socket;
}

/**
 * Opens such a socket and connects it to the peer, so that an ICMP error comes back as an error of this socket
 * (udp(7)). `ready` runs once it may send, `failed` on any error.
 */
export function connectedSocket(
  address: string,
  port: number,
  failed: (error: Error) => void,
  ready: () => void,
): Socket {
  const socket = boundSocket(address, failed);
  socket.on('listening', () => socket.connect(port, address));
  // As a listener, not a callback: given a callback, dgram would report a failed connect there only.
  socket.on('connect', ready);
  return socket;
}
