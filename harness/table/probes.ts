import type { StandingFleet } from '../probe/standing-fleet.ts';
import type { CheckContext } from './check-context.ts';
import type { AgentPort, Probe } from '../probe/types.ts';

export type Transport = 'tcp' | 'udp' | 'http';
export const transports: readonly Transport[] = ['tcp', 'udp', 'http'];

/** Returns a probe of `host:port` with the run's connect timeout. */
export function reach(
  ctx: Pick<CheckContext, 'timeouts'>,
  kind: Transport | 'sctp',
  host: string,
  port: number,
  payloadBytes?: number,
): Probe {
  const target = { host, port, timeoutMs: ctx.timeouts.connectMs };
  if (kind === 'http') return { kind, ...target, path: '/' };
  if (kind === 'sctp' || payloadBytes === undefined) return { kind, ...target };
  return { kind, ...target, payloadBytes };
}

/** Returns the same thing `count` times. */
export function times<T>(count: number, one: T): T[] {
  return Array.from({ length: count }, () => one);
}

/** Returns the port at which fleet pods (or, with `hostPorts`, host agents) serve `kind`. */
export function portFor(ports: readonly AgentPort[], kind: Transport): number {
  const found = ports.find((one) => one.protocol === kind.toUpperCase());
  if (found === undefined) throw new TypeError(`no port of the fleet serves ${kind}`);
  return found.port;
}

/** Returns the port numbers of the standing pods by transport. */
export function fleetPorts(fleet: Pick<StandingFleet, 'ports'>): Record<Transport, number> {
  return { tcp: portFor(fleet.ports, 'tcp'), udp: portFor(fleet.ports, 'udp'), http: portFor(fleet.ports, 'http') };
}

/** Returns `tcp 10.0.0.1:80`, `udp [fd00::1]:53 (8192 bytes)` or `dns A name`. */
export function describeProbe(probe: Probe): string {
  if (probe.kind === 'dns') return `dns ${probe.rrtype} ${probe.name} over ${probe.transport ?? 'udp'}`;
  if (probe.kind === 'lookup') return `lookup ${probe.name}`;
  const host = probe.host.includes(':') ? `[${probe.host}]` : probe.host;
  const payload = 'payloadBytes' in probe && probe.payloadBytes !== undefined ? ` (${probe.payloadBytes} bytes)` : '';
  return `${probe.kind} ${host}:${probe.port}${payload}`;
}
