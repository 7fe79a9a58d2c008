import type { CaseContext } from '../case/types.ts';
import type { Agent, Probe } from '../probe/types.ts';
import { portFor } from '../table/probes.ts';

/** Returns, for an agent of the standing fleet, the probe of its own loopback: the control of whatever else it asks. */
export function loopbackOf({ fleet, timeouts }: Pick<CaseContext, 'fleet' | 'timeouts'>): (from: Agent) => Probe {
  const inHostNetwork = new Set(fleet.hostAgents.map(({ name }) => name));
  return ({ name }) => {
    const port = portFor(inHostNetwork.has(name) ? fleet.hostPorts : fleet.ports, 'udp');
    return { kind: 'udp', host: '127.0.0.1', port, timeoutMs: timeouts.holdProbeMs };
  };
}
