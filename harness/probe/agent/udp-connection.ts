import type { Socket } from 'node:dgram';
import type { Attempted, Connection } from './connection.ts';
import { withAddress } from './resolve.ts';
import type { WireProbeOf } from './schema.ts';
import { type Done, timed } from './timed.ts';
import { noncePayload, readEcho } from './udp-payload.ts';
import { connectedSocket } from './udp-socket.ts';
import { outcomeOf } from './verdict.ts';

interface Waiting {
  readonly payload: Buffer;
  readonly done: Done;
}

/** One UDP socket kept for all attempts: the same five-tuple, thus the same conntrack entry, throughout. */
export class UdpConnection implements Connection {
  private readonly waiting = new Set<Waiting>();
  private socket: Socket | undefined;
  private ready = false;
  private opened = 0;
  private readonly probe: WireProbeOf<'udp'>;

  constructor(probe: WireProbeOf<'udp'>) {
    this.probe = probe;
  }

  async attempt(): Promise<Attempted> {
    const begin = withAddress(this.probe.host, (address, done) => {
      const waiting = { payload: noncePayload(Math.max(this.probe.payloadBytes ?? 16, 16)), done };
      this.waiting.add(waiting);
      this.send(address, waiting);
      return () => this.waiting.delete(waiting);
    });
    const result = await timed(this.probe.timeoutMs, begin);
    return { result, connection: Math.max(0, this.opened - 1) };
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private send(address: string, { payload }: Waiting): void {
    this.socket ??= this.open(address);
    if (this.ready) this.socket.send(payload, (error) => error !== null && this.failAll(error));
  }

  private open(address: string): Socket {
    this.opened += 1;
    const socket = connectedSocket(
      address,
      this.probe.port,
      (error) => this.failAll(error),
      () => {
        this.ready = true;
        this.waiting.forEach((waiting) => this.send(address, waiting));
      },
    );
    socket.on('message', (reply) => this.onReply(reply));
    return socket;
  }

  private onReply(reply: Buffer): void {
    for (const { payload, done } of this.waiting) {
      const outcome = readEcho(reply, payload);
      if (outcome !== undefined) done(outcome);
    }
  }

  private failAll(error: Error): void {
    if (!this.ready) this.socket = undefined;
    this.waiting.forEach(({ done }) => done(outcomeOf(error)));
  }
}
