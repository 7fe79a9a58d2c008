import { z } from 'zod';

/**
 * Port an agent listens on. TCP greets with `<pod name> <peer address>\n` and echoes what follows; UDP echoes
 * `<pod name> <peer address> <payload>`; HTTP answers JSON {pod, peer, headers, path}, `/slow?ms=`, `/bytes?n=`.
 */
export const AgentPort = z.strictObject({
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'HTTP', 'SCTP']),
  name: z.string().optional(),
  /** For tables of hundreds: cheap to ask. TCP hangs up without a word, the handshake being the answer. */
  forTables: z.boolean().optional(),
});
export type AgentPort = z.infer<typeof AgentPort>;

const target = { host: z.string(), port: z.int().min(1).max(65535), timeoutMs: z.int().positive() };
/** What a lone lost packet may be forgiven for; absent = every loss counts. */
const retry = z.boolean().optional();
/** UDP over IPv4 (RFC 768, RFC 791): 65,535 bytes less both headers. */
const largestDatagram = 65_507;

/**
 * One thing an agent tries. `tcp` connects and reads the agent's greeting (`connectOnly`: the handshake is enough, for
 * servers that do not speak first; `closeWithReset`: no goodbye, for servers of ours), then has `payloadBytes` echoed;
 * `udp` sends `payloadBytes` and awaits the echo (`sharedSocket`: first through one socket for the whole row, which is
 * cheap and, with `retry`, learns of a refusal later; `dontFragment`: neither this host nor a router may cut it, RFC 1191);
 * `http` GETs `path`; `dns` asks `server` (pod default when absent) for `name`/`rrtype`, with `alsoAsk` for that type
 * too, at once and from the same socket as glibc does; `lookup` uses getaddrinfo, thus resolv.conf search paths.
 * `retry`: what gets no answer is sent again inside the timeout, up to twice; only for who asks whether a path is open
 * at all, for it hides loss.
 */
export const Probe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tcp'),
    ...target,
    payloadBytes: z.int().nonnegative().optional(),
    connectOnly: z.boolean().optional(),
    closeWithReset: z.boolean().optional(),
    retry,
  }),
  z.strictObject({
    kind: z.literal('udp'),
    ...target,
    payloadBytes: z.int().nonnegative().max(largestDatagram).optional(),
    sharedSocket: z.boolean().optional(),
    dontFragment: z.boolean().optional(),
    retry,
  }),
  z.strictObject({ kind: z.literal('sctp'), ...target }),
  z.strictObject({
    kind: z.literal('http'),
    ...target,
    path: z.string().default('/'),
    headers: z.record(z.string(), z.string()).optional(),
    tls: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('dns'),
    name: z.string(),
    rrtype: z.enum(['A', 'AAAA', 'SRV', 'CNAME', 'PTR', 'TXT', 'SOA', 'NS']),
    transport: z.enum(['udp', 'tcp']).default('udp'),
    server: z.string().optional(),
    serverPort: z.int().optional(),
    alsoAsk: z.enum(['A', 'AAAA']).optional(),
    retry,
    timeoutMs: z.int().positive(),
  }),
  z.strictObject({ kind: z.literal('lookup'), name: z.string(), timeoutMs: z.int().positive() }),
]);
export type Probe = z.input<typeof Probe>;

/**
 * What the network did with one probe. `open`: an answer came (for DNS: any rcode, see `answer`). `dropped`: silence
 * until the timeout. `refused`: RST or ICMP port unreachable. `unreachable`: ICMP host/net/admin prohibited, no route, or
 * a packet too big for the path (all of them ICMP destination unreachable, RFC 792). `malformed`: what came back is not
 * the protocol that was asked for (a Service that leads to the wrong port). `unresolved`: the name of the target has no
 * address, so nothing was sent. `inconclusive`: the tool broke, says nothing about the network.
 */
export const Verdict = z.enum(['open', 'dropped', 'refused', 'unreachable', 'malformed', 'unresolved', 'inconclusive']);
export type Verdict = z.infer<typeof Verdict>;

export const ProbeResult = z.strictObject({
  verdict: Verdict,
  /** Microseconds from the probe's start to its verdict, monotonic clock of the agent. */
  elapsedUs: z.number().nonnegative(),
  /** Error code or text behind a verdict that is not `open`. */
  error: z.string().optional(),
  /** Who answered: pod name of a tcp/udp/http answer. */
  responder: z.string().optional(),
  /** Address the server saw as the peer (source IP preservation, SNAT checks). */
  peerSeen: z.string().optional(),
  http: z.strictObject({ status: z.int(), body: z.string(), headers: z.record(z.string(), z.string()) }).optional(),
  dns: z
    .strictObject({
      rcode: z.string(),
      /** One text per record, names without the final dot: `0 100 80 web.x.svc.cluster.local`. */
      answers: z.array(z.string()),
      ms: z.number(),
      /** TC bit of a UDP answer. */
      truncated: z.boolean().optional(),
    })
    .optional(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

/** A pod of the fleet that can be asked to probe. */
export interface Agent {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly ip: string;
  readonly ips: readonly string[];
  /**
   * Runs all probes concurrently in the pod; results in the order of `probes`. Never throws for a broken agent or
   * control channel: then every result is `inconclusive` with the agent named in `error`.
   */
  probe(probes: readonly Probe[]): Promise<ProbeResult[]>;
  /** Starts an open-loop sampler in the pod (see SamplerSpec) and returns a handle to stop and collect. */
  sample(spec: SamplerSpec): Promise<Sampler>;
  /** The sampler its pod began with (`bootSample`); reading it fails where there is none. */
  bootSampler(): Sampler;
  /** Turns readiness on or off (the pod's readiness probe asks the agent). */
  setReady(ready: boolean): Promise<void>;
}

/**
 * Open-loop load: one attempt every `everyMs`, whatever happened to the previous one. `reuse: false` opens a new
 * connection each time, `true` keeps one and sends on it, reconnecting when it breaks.
 */
export interface SamplerSpec {
  readonly probe: Probe;
  readonly everyMs: number;
  readonly reuse: boolean;
  readonly expect?: Expectation;
}

/**
 * What an answer must be to count as up; a sample that is `open` and something else carries it as `error`. Absent
 * fields: any HTTP status below 500, and for DNS NOERROR or NXDOMAIN.
 */
export const Expectation = z.strictObject({
  /** Who may answer. */
  responders: z.array(z.string()).optional(),
  statuses: z.array(z.int()).optional(),
  rcodes: z.array(z.string()).optional(),
  /** Exactly these records, in any order. */
  records: z.array(z.string()).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

export interface Sample {
  /** Milliseconds since the sampler's start at which this attempt was due. */
  readonly atMs: number;
  readonly verdict: Verdict;
  /** From the intended send time, so a stalled sender cannot hide waiting (coordinated omission). */
  readonly latencyUs: number;
  readonly error?: string;
  readonly responder?: string;
  /**
   * With `reuse`, of TCP, HTTP and UDP: on which of the sampler's connections this attempt was made, from 0. Another
   * number than that of the attempt before: the connection was lost in between, whatever the verdicts say.
   */
  readonly connection?: number;
}

export interface Sampler {
  /** Stops the schedule, waits for attempts in flight, returns all samples in schedule order. */
  stop(): Promise<Sample[]>;
  /** Samples so far, without stopping. */
  peek(): Promise<Sample[]>;
}

/** What to start as a probe pod. Always satisfies PodSecurity `restricted` unless `hostNetwork`. */
export interface AgentPodSpec {
  readonly name: string;
  /** Real namespace; must exist. */
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly AgentPort[];
  /** Pin to a node by name; absent = scheduler. */
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly serviceAccount?: string;
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly dnsConfig?: {
    nameservers?: string[];
    searches?: string[];
    options?: { name: string; value?: string }[];
  };
  readonly terminationGracePeriodSeconds?: number;
  /** Keeps the pod serving this long after it was told to go, before SIGTERM (`preStop: sleep`). */
  readonly preStopSeconds?: number;
  /** After SIGTERM: serve this long, then close and exit. 0 = at once. Absent = serve until killed. */
  readonly drainMs?: number;
  /** Nobody will turn its readiness off, so it is not asked each second: with fifty pods that adds up. */
  readonly steady?: boolean;
  /** Starts with the agent's first line, before it serves or is Ready. */
  readonly bootSample?: SamplerSpec;
}

/** A pod template that runs the agent, ready to be put under a workload's `spec.template`. */
export interface PodTemplate {
  readonly metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  readonly spec: Record<string, unknown>;
}
