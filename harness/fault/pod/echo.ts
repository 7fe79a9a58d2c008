import { z } from 'zod';
import { InconclusiveError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import { programOnNode } from './queue.ts';

/** A place packets are sent from: a node, or the network namespace of a pod on it. */
export interface Vantage {
  readonly title: string;
  readonly node: string;
  readonly netns?: string;
}

export interface EchoSpec {
  readonly kind: 'icmp' | 'tcp' | 'udp';
  readonly to: string;
  /** Of tcp and udp. */
  readonly port?: number;
  readonly count: number;
  readonly everyUs: number;
  readonly timeoutMs: number;
  /** Of payload; the headers come on top. */
  readonly bytes: number;
}

const Echoes = z.strictObject({
  sent: z.int(),
  /** Distinct ones that came back whole; of TCP connections those that were refused, too. */
  received: z.int(),
  refused: z.int(),
  unreachable: z.int(),
  duplicates: z.int(),
  /** Came after one that was sent later (RFC 4737). */
  reordered: z.int(),
  corrupt: z.int(),
  /** Quantiles 0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99 and 1 of the round trips; empty where nothing came back. */
  rttUs: z.array(z.number()),
  /** Where their median lies at 95 % confidence. */
  medianUs: z.array(z.number()),
  /** Bytes on the wire that came back in each tenth of `spanUs`, the time from the first to the last. */
  tenths: z.array(z.number()),
  spanUs: z.number(),
});
export type Echoes = z.infer<typeof Echoes>;

/**
 * Returns what became of packets that were sent over a path, at a steady pace and never fragmented. The other end's kernel
 * answers, so no process there has to. @throws InconclusiveError when the measuring itself broke.
 */
export async function measureEchoes(exec: NodeExec, from: Vantage, spec: EchoSpec): Promise<Echoes> {
  const { kind, to, port = 0, count, everyUs, timeoutMs, bytes } = spec;
  const enter = from.netns === undefined ? [] : ['nsenter', `--net=${from.netns}`];
  const args = [kind, to, port, count, everyUs, timeoutMs, bytes].map(String);
  const { code, stdout, stderr } = await exec(from.node, [...enter, 'perl', '-', ...args], {
    stdin: programOnNode('echo.pl'),
  });
  if (code !== 0) throw new InconclusiveError(`measuring ${from.title} -> ${to} broke: exit ${code}: ${stderr.trim()}`);
  return Echoes.parse(JSON.parse(stdout));
}
