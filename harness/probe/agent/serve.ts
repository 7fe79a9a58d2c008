import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { answerHttp } from './serve-http.ts';
import type { AgentConfig } from './schema.ts';
import { serveSctp } from './sctp.ts';
import { codeOf, plainAddress } from './verdict.ts';

/** Something that serves one port and can stop: no new peers, and those it has are let finish. */
export interface Service {
  close(): void;
}

type Listen = (host: string, port: number) => Promise<Service>;

const backlog = 1024;
/** A reply longer than its request would hide which direction an MTU problem is in. */
const shortestCut = 512;

async function listening(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port, backlog });
  await once(server, 'listening');
}

function tcpService(name: string): Listen {
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
const muteService: Listen = async (host, port) => {
  const server = createServer({ pauseOnConnect: true }, (socket) => socket.destroy());
  await listening(server, host, port);
  return { close: () => server.close() };
};

function httpService(name: string): Listen {
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

function udpService(name: string): Listen {
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

const familyMissing = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/** Binds every address: `::` takes IPv4 too, except on a host without IPv6. */
async function everywhere(listen: Listen, port: number): Promise<Service[]> {
  try {
    return [await listen('::', port)];
  } catch (error) {
    if (!familyMissing.has(codeOf(error))) throw error;
    return [await listen('0.0.0.0', port)];
  }
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address);
}

function bindAddresses(config: AgentConfig, protocol: string): readonly string[] | undefined {
  if (config.bind !== undefined) return config.bind;
  return config.udpPerAddress && protocol === 'UDP' ? ownAddresses() : undefined;
}

function serviceOf({ protocol, mute }: AgentConfig['ports'][number], name: string): Listen {
  if (protocol === 'SCTP') return (host, port) => serveSctp(name, host, port);
  if (protocol === 'HTTP') return httpService(name);
  if (protocol === 'UDP') return udpService(name);
  return mute === true ? muteService : tcpService(name);
}

/**
 * Serves every port of the configuration and resolves once all of them listen. Rejects with one line naming port,
 * protocol and the system's error code.
 */
export async function serveAll(config: AgentConfig, name: string): Promise<Service[]> {
  const served = config.ports.map(async (one) => {
    const { port, protocol } = one;
    const listen = serviceOf(one, name);
    const addresses = bindAddresses(config, protocol);
    try {
      if (addresses === undefined) return await everywhere(listen, port);
      return await Promise.all(addresses.map((address) => listen(address, port)));
    } catch (error) {
      throw new Error(`cannot serve ${protocol} port ${port}: ${codeOf(error)}`, { cause: error });
    }
  });
  return (await Promise.all(served)).flat();
}
