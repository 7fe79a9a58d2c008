import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.test-support.ts';
import type { Probe, ProbeResult } from '../types.ts';

/** Address the server of a pair listens on. */
export const here = '127.0.0.31';

/** A client and a server on loopback, and the ports the server serves; a mute port hangs up after the handshake. */
export interface AgentPair {
  readonly client: LocalAgent;
  readonly port: { readonly tcp: number; readonly udp: number; readonly http: number; readonly mute: number };
  /** Runs one probe from the client. */
  run(probe: Probe): Promise<ProbeResult>;
  stop(): Promise<void>;
}

/** Starts both agents as processes of their own. */
export async function startAgentPair(): Promise<AgentPair> {
  const port = {
    tcp: await freePort(here),
    udp: await freePort(here),
    http: await freePort(here),
    mute: await freePort(here),
  };
  const client = await startLocalAgent({ name: 'client', address: '127.0.0.32', ports: [] });
  const server = await startLocalAgent({
    name: 'server',
    address: here,
    ports: [
      { port: port.tcp, protocol: 'TCP' },
      { port: port.udp, protocol: 'UDP' },
      { port: port.http, protocol: 'HTTP' },
      { port: port.mute, protocol: 'TCP', forTables: true },
    ],
  });
  const run = async (probe: Probe) => {
    const [result] = await client.agent.probe([probe]);
    if (result === undefined) throw new Error('no result');
    return result;
  };
  const stop = async () => {
    await Promise.all([client.stop(), server.stop()]);
  };
  return { client, port, run, stop };
}
