import { connect, isIPv6, type Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import type { Done } from './timed.ts';
import { outcomeOf, outcomeOfCode } from './verdict.ts';

/** What Node.js builds its sockets on (`tcp_wrap`): every call returns 0, or a negative errno. */
interface TcpHandle {
  connect(request: ConnectRequest, address: string, port: number): number;
  connect6(request: ConnectRequest, address: string, port: number): number;
  reset(closed?: () => void): number;
  close(closed?: () => void): void;
}

interface ConnectRequest {
  oncomplete?: (status: number) => void;
}

interface TcpWrap {
  readonly TCP: new (type: number) => TcpHandle;
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly constants: { readonly SOCKET: number };
}

/** Ends a handshake, done or not; with `reset` without closing packets, if it is done. */
export type HangUp = (reset: boolean) => void;

function isTcpWrap(found: unknown): found is TcpWrap {
  return (
    typeof found === 'object' && found !== null && ['TCP', 'TCPConnectWrap', 'constants'].every((name) => name in found)
  );
}

/** Returns what the handles are made with, `none` where this Node.js keeps them to itself. */
export function tcpWrap(): TcpWrap | 'none' {
  try {
    const binding: unknown = Reflect.get(process, 'binding');
    const found: unknown = typeof binding === 'function' ? Reflect.apply(binding, process, ['tcp_wrap']) : undefined;
    return isTcpWrap(found) ? found : 'none';
  } catch {
    return 'none';
  }
}

const ownWrap = tcpWrap();

const failed = (status: number) => outcomeOfCode(getSystemErrorName(status));

function handshakeOfHandle(
  { TCP, TCPConnectWrap, constants }: TcpWrap,
  address: string,
  port: number,
  done: Done,
): HangUp {
  const handle = new TCP(constants.SOCKET);
  const request = new TCPConnectWrap();
  let connected = false;
  request.oncomplete = (status) => {
    connected = status === 0;
    if (connected) done({ verdict: 'open' });
    else done(failed(status));
  };
  const status = isIPv6(address) ? handle.connect6(request, address, port) : handle.connect(request, address, port);
  if (status !== 0) done(failed(status));
  return (reset) => {
    if (reset && connected) handle.reset();
    else handle.close();
  };
}

/**
 * Ends a connection; with `reset` without closing packets. Node.js would wait for one to reset it: a connection that is
 * not there yet is given up, or its SYNs go on for two minutes.
 */
export function endSocket(socket: Socket, reset: boolean): void {
  if (reset && !socket.connecting) socket.resetAndDestroy();
  else socket.destroy();
}

function handshakeOfSocket(address: string, port: number, done: Done): HangUp {
  const socket = connect({ host: address, port, noDelay: true });
  socket.on('error', (error) => done(outcomeOf(error)));
  socket.on('connect', () => done({ verdict: 'open' }));
  return (reset) => endSocket(socket, reset);
}

/**
 * Opens a connection for nothing but the handshake. A socket with its streams costs twice as much as the handshake
 * itself, which counts in a table of hundreds; so it is made of the bare handle where Node.js lets it be had.
 */
export function tcpHandshake(address: string, port: number, done: Done, wrap = ownWrap): HangUp {
  return wrap === 'none' ? handshakeOfSocket(address, port, done) : handshakeOfHandle(wrap, address, port, done);
}
