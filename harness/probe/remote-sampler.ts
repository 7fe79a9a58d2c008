import type { Sample, Sampler } from './agent-types.ts';
import { z } from 'zod';
import type { Ask } from './control-connection.ts';
import { Verdict } from './types.ts';

const Samples = z.array(
  z.strictObject({
    atMs: z.number(),
    verdict: Verdict,
    latencyUs: z.number(),
    error: z.string().optional(),
    responder: z.string().optional(),
    connection: z.int().nonnegative().optional(),
  }),
);

/** A sampler in a pod, seen from here; keeps what it has read, so each round trip brings only what is new. */
export class RemoteSampler implements Sampler {
  private readonly sampler: string;
  private readonly send: (ask: Ask) => Promise<unknown>;
  private readonly samples: Sample[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(sampler: string, send: (ask: Ask) => Promise<unknown>) {
    this.sampler = sampler;
    this.send = send;
  }

  peek(): Promise<Sample[]> {
    return this.fetch('peek');
  }

  stop(): Promise<Sample[]> {
    return this.fetch('stop');
  }

  /** One at a time: two readers asking from the same index would both get the same samples. */
  private fetch(op: 'peek' | 'stop'): Promise<Sample[]> {
    const mine = this.turn.then(() => this.fetchNow(op));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async fetchNow(op: 'peek' | 'stop'): Promise<Sample[]> {
    const reply = await this.send({ op, sampler: this.sampler, from: this.samples.length });
    this.samples.push(...Samples.parse(reply));
    return [...this.samples];
  }
}
