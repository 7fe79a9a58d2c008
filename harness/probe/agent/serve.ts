import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { answerHttp } from './serve-http.ts';
import type { AgentConfig } from './schema.ts';
import { serveSctp } from './sctp.ts';
import { serveTables } from './serve-tables.ts';
import { codeOf, plainAddress } from './verdict.ts';

/** Something that serves one port and can stop: no new peers, and those it has are let finish. */
export interface Service {
  close(): void;
}

type Port = AgentConfig['ports'][number];
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
async function everywhere<T>(listen: (host: string) => Promise<T>): Promise<T[]> {
  try {
    return [await listen('::')];
  } catch (error) {
    if (!familyMissing.has(codeOf(error))) throw error;
    return [await listen('0.0.0.0')];
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

function serviceOf({ protocol, forTables }: Port, name: string): Listen {
  if (protocol === 'SCTP') return (host, port) => serveSctp(name, host, port);
  if (protocol === 'HTTP') return httpService(name);
  if (protocol === 'UDP') return udpService(name);
  return forTables === true ? muteService : tcpService(name);
}

async function named<T>(protocol: string, ports: string, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    throw new Error(`cannot serve ${protocol} port ${ports}: ${codeOf(error)}`, { cause: error });
  }
}

function servePort(one: Port, name: string, config: AgentConfig): Promise<Service[]> {
  const { port, protocol } = one;
  const listen = serviceOf(one, name);
  const addresses = bindAddresses(config, protocol);
  const all = addresses && Promise.all(addresses.map((address) => listen(address, port)));
  return named(protocol, String(port), all ?? everywhere((host) => listen(host, port)));
}

/** Returns what serves all of these ports, none where that takes a helper the image has not. */
async function serveByHelper(ports: readonly Port[], name: string, { bind }: AgentConfig): Promise<Service[]> {
  if (ports.length === 0) return [];
  const places = ports.map(({ port, protocol }) => `${port}/${protocol}`).join(' or ');
  const given = bind && serveTables(name, bind, ports).then((one) => [one]);
  const services = await named('table', places, given ?? everywhere((host) => serveTables(name, [host], ports)));
  return services.filter((one) => one !== undefined);
}

/**
 * Serves every port of the configuration and resolves once all of them listen. Rejects with one line naming port,
 * protocol and the system's error code.
 */
export async function serveAll(config: AgentConfig, name: string): Promise<Service[]> {
  const isForHelper = ({ protocol, forTables }: Port) =>
    forTables === true && (protocol === 'TCP' || protocol === 'UDP') && !config.udpPerAddress;
  const byHelper = await serveByHelper(config.ports.filter(isForHelper), name, config);
  const others = byHelper.length > 0 ? config.ports.filter((one) => !isForHelper(one)) : config.ports;
  const services = await Promise.all(others.map((one) => servePort(one, name, config)));
  return [...byHelper, ...services.flat()];
}
