import type { CaseContext } from '../case/types.ts';
import type { Probe } from '../probe/types.ts';
import type { HeldPath } from '../table/path-hold.ts';
import { fleet } from './fleet.ts';
import { portFor, type Transport, transports } from '../table/probes.ts';

/**
 * Returns, for agents of the standing fleet, the probe of the own loopback that is like that of a path: the same
 * transport where agents serve it, else a datagram.
 */
export function loopbackOf(
  ctx: Pick<CaseContext, 'use' | 'timeouts'>,
): (path: Pick<HeldPath, 'from' | 'probe'>) => Probe {
  const { hostAgents, hostPorts, ports } = ctx.use(fleet);
  const inHostNetwork = new Set(hostAgents.map(({ name }) => name));
  return ({ from, probe }) => {
    const kind: Transport = transports.find((one) => one === probe.kind) ?? 'udp';
    const port = portFor(inHostNetwork.has(from.name) ? hostPorts : ports, kind);
    return { kind, host: '127.0.0.1', port, timeoutMs: ctx.timeouts.holdProbeMs };
  };
}
