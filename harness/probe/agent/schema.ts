import * as z from 'zod/mini';

/*
 * The agent's own check of what comes in. It repeats the contract of ../types.ts in zod/mini because the full zod would make the
 * bundle thirty times bigger and double the start-up time of every probe pod; schema.test.ts holds the two together.
 */

const port = z.int().check(z.minimum(1), z.maximum(65535));
const positive = z.int().check(z.minimum(1));
const target = { host: z.string(), port, timeoutMs: positive };
const payloadBytes = z.optional(z.int().check(z.minimum(0)));
const retry = z.optional(z.boolean());
const texts = z.optional(z.array(z.string()));

/** Wire form of `Probe`: what the agent accepts and nothing else. */
export const WireProbe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tcp'),
    ...target,
    payloadBytes,
    connectOnly: z.optional(z.boolean()),
    closeWithReset: z.optional(z.boolean()),
    retry,
  }),
  z.strictObject({
    kind: z.literal('udp'),
    ...target,
    payloadBytes: z.optional(z.int().check(z.minimum(0), z.maximum(65_507))),
    sharedSocket: z.optional(z.boolean()),
    dontFragment: z.optional(z.boolean()),
    retry,
  }),
  z.strictObject({ kind: z.literal('sctp'), ...target }),
  z.strictObject({
    kind: z.literal('http'),
    ...target,
    path: z._default(z.string(), '/'),
    headers: z.optional(z.record(z.string(), z.string())),
    tls: z.optional(z.boolean()),
  }),
  z.strictObject({
    kind: z.literal('dns'),
    name: z.string(),
    rrtype: z.enum(['A', 'AAAA', 'SRV', 'CNAME', 'PTR', 'TXT', 'SOA', 'NS']),
    transport: z._default(z.enum(['udp', 'tcp']), 'udp'),
    server: z.optional(z.string()),
    serverPort: z.optional(z.int()),
    alsoAsk: z.optional(z.enum(['A', 'AAAA'])),
    retry,
    timeoutMs: positive,
  }),
  z.strictObject({ kind: z.literal('lookup'), name: z.string(), timeoutMs: positive }),
]);
export type WireProbe = z.infer<typeof WireProbe>;
export type WireProbeOf<K extends WireProbe['kind']> = Extract<WireProbe, { kind: K }>;

const Expectation = z.strictObject({
  responders: texts,
  statuses: z.optional(z.array(z.int())),
  rcodes: texts,
  records: texts,
});
export type Expectation = z.infer<typeof Expectation>;

/** Wire form of `SamplerSpec`. */
const SampleSpec = z.strictObject({
  probe: WireProbe,
  everyMs: z.number().check(z.minimum(1)),
  reuse: z.boolean(),
  expect: z.optional(Expectation),
});
export type SampleSpec = z.infer<typeof SampleSpec>;

/** Wire form of `LoadSpec`. */
const LoadSpec = z.strictObject({
  probe: WireProbe,
  reuse: z.boolean(),
  inFlight: positive,
  warmUpMs: z.int().check(z.minimum(0)),
  forMs: positive,
});
export type LoadSpec = z.infer<typeof LoadSpec>;

/** What an agent serves, given to it as JSON in the environment variable `ORDEAL_AGENT`. */
export const AgentConfig = z.strictObject({
  /** Name it answers with; absent = `POD_NAME`, then the host name. */
  name: z.optional(z.string()),
  ports: z.array(
    z.strictObject({
      port,
      protocol: z.enum(['TCP', 'UDP', 'HTTP', 'SCTP']),
      name: z.optional(z.string()),
      forTables: z.optional(z.boolean()),
    }),
  ),
  /** Addresses to bind; absent = every address, both families where the host has IPv6. */
  bind: z.optional(z.array(z.string())),
  /** Bind UDP to each address: on a host with several, a wildcard socket may answer from another one. */
  udpPerAddress: z._default(z.boolean(), false),
  controlHost: z._default(z.string(), '127.0.0.1'),
  controlPort: z._default(port, 9474),
  readyPort: z._default(port, 9475),
  ready: z._default(z.boolean(), true),
  /** After SIGTERM: serve this long, then close gently and exit. Absent = serve until killed. */
  drainMs: z.optional(z.int().check(z.minimum(0))),
  /** Begun before anything else, under the name `boot`: what a pod can do in its first moments. */
  boot: z.optional(SampleSpec),
});
export type AgentConfig = z.infer<typeof AgentConfig>;

const id = z.int();
const sampler = z.string();
const from = z._default(z.int().check(z.minimum(0)), 0);

/** One line of the control channel towards the agent. `from` leaves out samples the caller already has. */
export const Request = z.discriminatedUnion('op', [
  z.strictObject({ id, op: z.literal('probe'), probes: z.array(WireProbe), tellQuiet: z._default(z.boolean(), false) }),
  z.strictObject({
    id,
    op: z.literal('sample'),
    sampler,
    spec: SampleSpec,
  }),
  z.strictObject({ id, op: z.literal('peek'), sampler, from }),
  z.strictObject({ id, op: z.literal('stop'), sampler, from }),
  z.strictObject({ id, op: z.literal('trail'), trail: z.string(), spec: SampleSpec }),
  z.strictObject({ id, op: z.literal('trails'), from: z.record(z.string(), z.int().check(z.minimum(0))) }),
  z.strictObject({ id, op: z.literal('endTrail'), trail: z.string() }),
  z.strictObject({ id, op: z.literal('load'), spec: LoadSpec }),
  z.strictObject({ id, op: z.literal('ready'), ready: z.boolean() }),
  z.strictObject({ id, op: z.literal('info') }),
  z.strictObject({ id, op: z.literal('stalls') }),
]);
export type Request = z.infer<typeof Request>;
export type RequestInput = z.input<typeof Request>;
