import { networkInterfaces } from 'node:os';
import type { AgentConfig } from './schema.ts';
import { serveSctp } from './sctp.ts';
import { serveTables } from './serve-tables.ts';
import { httpService, type Listen, muteService, type Service, tcpService, udpService } from './services.ts';
import { codeOf } from './verdict.ts';

type Port = AgentConfig['ports'][number];

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
