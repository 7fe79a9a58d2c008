import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { RequestInput } from './agent/schema.ts';

/** A request without its number; the connection gives it one. */
export type Ask = RequestInput extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/** The connection, not the agent, failed: asking again on a new one may help. */
export class ConnectionBroken extends Error {
  override readonly name = 'ConnectionBroken';
}

/** The agent answered, and said no: asking again would not help, and the connection is fine. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What may come before the reply to a row of probes: the rest of it is silence. */
const Quiet = z.strictObject({ id: z.int(), quiet: z.literal(true) });

const Reply = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.int(), ok: z.literal(false), error: z.string() }),
]);

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onQuiet: (() => void) | undefined;
}

/** Returns the result of one reply line. @throws what the agent refused, or that the line is no reply. */
export function readReply(line: string): { id: number; result: unknown } | { id: number; refusal: Error } {
  return replyOf(JSON.parse(line));
}

function replyOf(frame: unknown): ReturnType<typeof readReply> {
  const reply = Reply.parse(frame);
  if (reply.ok) return { id: reply.id, result: reply.result };
  return { id: reply.id, refusal: new Refused(reply.error) };
}

/** Many requests at once over one byte stream to an agent; newline-delimited JSON, matched by number. */
export class ControlConnection {
  private readonly pending = new Map<number, Pending>();
  private readonly stream: Duplex;
  private parts: string[] = [];
  private nextId = 1;
  private broken: ConnectionBroken | undefined;

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => this.onData(chunk));
    stream.on('error', (error) => this.fail(error.message));
    stream.on('end', () => this.fail('closed by the other side'));
    stream.on('close', () => this.fail('closed'));
  }

  get usable(): boolean {
    return this.broken === undefined;
  }

  /** Resolves with the agent's result; rejects with its refusal, or ConnectionBroken when the stream ends first. */
  request(ask: Ask, onQuiet?: () => void): Promise<unknown> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onQuiet });
      this.stream.write(`${JSON.stringify({ id, ...ask })}\n`);
    });
  }

  fail(why: string): void {
    if (this.broken !== undefined) return;
    this.broken = new ConnectionBroken(`control connection ${why}`);
    this.stream.destroy();
    for (const { reject } of this.pending.values()) reject(this.broken);
    this.pending.clear();
  }

  private onData(chunk: string): void {
    const [first = '', ...rest] = chunk.split('\n');
    this.parts.push(first);
    for (const next of rest) {
      this.onLine(this.parts.join(''));
      this.parts = [next];
    }
  }

  private onLine(line: string): void {
    try {
      const frame: unknown = JSON.parse(line);
      const quiet = Quiet.safeParse(frame);
      if (quiet.success) return this.pending.get(quiet.data.id)?.onQuiet?.();
      const reply = replyOf(frame);
      const pending = this.pending.get(reply.id);
      this.pending.delete(reply.id);
      if ('refusal' in reply) pending?.reject(reply.refusal);
      else pending?.resolve(reply.result);
    } catch (error) {
      this.fail(`brought something that is no reply: ${String(error)}`);
    }
  }
}
