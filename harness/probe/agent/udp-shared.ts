import { isIPv6 } from 'node:net';
import type { Socket } from 'node:dgram';
import type { Done } from './timed.ts';
import { noncePayload, readEcho } from './udp-payload.ts';
import { boundSocket } from './udp-socket.ts';
import { outcomeOf } from './verdict.ts';

interface Asked {
  readonly payload: Buffer;
  readonly done: Done;
}

/**
 * One socket a family for all UDP probes of a row that allow it. Its source port is fresh, so every peer sees a flow
 * of its own that conntrack does not know; opening a socket a probe costs more than the probe.
 */
export class SharedUdp {
  private readonly sockets = new Map<number, Socket>();
  private readonly waiting = new Map<string, Asked>();

  /** Sends one datagram and reports its echo; returns what forgets it. */
  ask(address: string, port: number, done: Done): () => void {
    const payload = noncePayload();
    const key = payload.toString('latin1');
    this.waiting.set(key, { payload, done });
    this.socketFor(address).send(payload, port, address, (error) => error !== null && done(outcomeOf(error)));
    return () => this.waiting.delete(key);
  }

  close(): void {
    this.sockets.forEach((socket) => socket.close());
    this.sockets.clear();
  }

  private socketFor(address: string): Socket {
    const family = isIPv6(address) ? 6 : 4;
    const known = this.sockets.get(family);
    if (known !== undefined) return known;
    const socket = boundSocket(address, (error) => this.waiting.forEach(({ done }) => done(outcomeOf(error))));
    socket.on('message', (reply) => this.onReply(reply));
    this.sockets.set(family, socket);
    return socket;
  }

  private onReply(reply: Buffer): void {
    const payload = reply.subarray(reply.lastIndexOf(' ') + 1);
    const asked = this.waiting.get(payload.toString('latin1'));
    const outcome = asked === undefined ? undefined : readEcho(reply, asked.payload);
    if (outcome !== undefined) asked?.done(outcome);
  }
}
