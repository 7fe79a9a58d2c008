import type { Connections } from '../events/upgrade-events.ts';
import type { SamplerSpec } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';
import type { Lane, ServerPod } from './lane.ts';
import type { Rhythm } from './rhythm.ts';

/** What all lanes of one path have in common. */
export type Draft = Omit<Lane, 'id' | 'connections' | 'transport' | 'spec' | 'client'>;

export interface Ports {
  readonly host: string;
  readonly port: number;
  readonly udpPort?: number;
  readonly httpPort: number;
}

/** TCP, UDP and HTTP, each on new and on kept connections, TCP also on one that is else idle. */
export function everyTransport(client: ServerPod, draft: Draft, ports: Ports, rhythm: Rhythm): Lane[] {
  const { host, port, udpPort = port } = ports;
  const { timeoutMs } = rhythm;
  const byTcp: Probe = { kind: 'tcp', host, port, timeoutMs };
  const byUdp: Probe = { kind: 'udp', host, port: udpPort, timeoutMs };
  const byHttp: Probe = { kind: 'http', host, port: ports.httpPort, timeoutMs };
  const one = (transport: string, connections: Connections, probe: Probe, everyMs: number) =>
    lane(client, draft, [transport, connections], { probe, everyMs, reuse: connections !== 'new' });
  return [
    one('TCP', 'new', byTcp, rhythm.newTcpMs),
    one('TCP', 'reused', byTcp, rhythm.reusedTcpMs),
    one('TCP', 'idle', byTcp, rhythm.idleMs),
    one('UDP', 'new', byUdp, rhythm.newUdpMs),
    one('UDP', 'reused', byUdp, rhythm.reusedUdpMs),
    one('HTTP', 'new', byHttp, rhythm.newHttpMs),
    one('HTTP', 'reused', byHttp, rhythm.reusedHttpMs),
  ];
}

/** Returns one lane. */
export function lane(
  client: ServerPod,
  draft: Draft,
  [transport, connections]: readonly [string, Connections],
  spec: SamplerSpec,
): Lane {
  const id = [client.node, draft.class, draft.to, transport, connections].join('|');
  return { ...draft, id, client, transport, connections, spec };
}
