import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { nowUs } from './clock.ts';
import type { Attempted, Connection } from './connection.ts';
import { probeHttp } from './probe-http.ts';
import type { WireProbeOf } from './schema.ts';

/** A kept HTTP connection (keep-alive); a new one is opened when the last broke or left an attempt without answer. */
export class HttpConnection implements Connection {
  // One connection: a request that waits for the one before it is late, and its latency says so. A machine that is
  // slower than the schedule would soon let all of them time out in the queue, unsent; only silence is a drop.
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
  private lastUs = 0;
  private readonly ordinals = new WeakMap<Socket, number>();
  private opened = 0;
  private readonly probe: WireProbeOf<'http'>;

  constructor(probe: WireProbeOf<'http'>) {
    this.probe = probe;
  }

  async attempt(): Promise<Attempted> {
    let connection: number | undefined;
    const result = await probeHttp(this.probe, {
      agent: this.agent,
      answeredUs: () => this.lastUs,
      onSocket: (socket) => (connection = this.ordinalOf(socket)),
    });
    if (result.verdict === 'open') this.lastUs = nowUs();
    return { result, connection };
  }

  private ordinalOf(socket: Socket): number {
    const ordinal = this.ordinals.get(socket) ?? this.opened++;
    this.ordinals.set(socket, ordinal);
    return ordinal;
  }

  close(): void {
    this.agent.destroy();
  }
}
