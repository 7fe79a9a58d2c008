import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { answerHttp } from './serve-http.ts';
import { plainAddress } from './verdict.ts';

/** Something that serves one port and can stop: no new peers, and those it has are let finish. */
export interface Service {
  close(): void;
}

/** Serves a port at an address; rejects with the system's error code. */
export type Listen = (host: string, port: number) => Promise<Service>;

export const backlog = 1024;
/** A reply longer than its request would hide which direction an MTU problem is in. */
export const shortestCut = 512;

async function listening(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port, backlog });
  await once(server, 'listening');
}

/** Greets with `name` and the peer's address, then echoes. */
export function tcpService(name: string): Listen {
  return async (host, port) => {
    const peers = new Set<Socket>();
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
      peers.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => peers.delete(socket));
      socket.write(`${name} ${plainAddress(socket.remoteAddress)}\n`);
      socket.pipe(socket);
    });
    await listening(server, host, port);
    const close = () => {
      server.close();
      peers.forEach((socket) => socket.end());
    };
    return { close };
  };
}

/** Closes with a FIN, not a reset: that could overtake the peer's look at whether it is connected. */
export const muteService: Listen = async (host, port) => {
  const server = createServer({ pauseOnConnect: true }, (socket) => socket.destroy());
  await listening(server, host, port);
  return { close: () => server.close() };
};

export function httpService(name: string): Listen {
  return async (host, port) => {
    const server = createHttpServer({ keepAliveTimeout: 0, requestTimeout: 0 }, answerHttp(name));
    await listening(server, host, port);
    const close = () => {
      server.close();
      server.closeIdleConnections();
    };
    return { close };
  };
}

/** Answers a datagram with `name`, the peer's address and what it said. */
export function udpService(name: string): Listen {
  return async (host, port) => {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
    socket.on('message', (payload, peer) => {
      const reply = Buffer.concat([Buffer.from(`${name} ${plainAddress(peer.address)} `), payload]);
      const length = Math.max(payload.length, Math.min(reply.length, shortestCut));
      // A reply that cannot be sent is the peer's silence; there is nobody here to tell.
      socket.send(reply.subarray(0, length), peer.port, peer.address, () => undefined);
    });
    socket.bind({ port, address: host });
    await once(socket, 'listening');
    const close = () => socket.close();
    return { close };
  };
}
