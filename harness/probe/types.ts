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
