import { z } from 'zod';
import { type Probe, type ProbeResult, Verdict } from './types.ts';

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
  /** Returns when its process got no time to run (the last 256 times, each over 250 ms), oldest first. */
  stalls(): Promise<readonly Stall[]>;
  /** Turns readiness on or off (the pod's readiness probe asks the agent). */
  setReady(ready: boolean): Promise<void>;
}

/** A while in which an agent's process did not run: it served nobody then, and heard no answer. */
export const Stall = z.strictObject({ endedAgoMs: z.number().nonnegative(), ms: z.number().nonnegative() });
export type Stall = z.infer<typeof Stall>;

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

/**
 * Closed-loop load: each of `inFlight` attempts follows the answer to the one before, with `reuse` on one connection, else
 * on a new one each. Attempts that begin within the warm-up do not count.
 */
export interface LoadSpec {
  readonly probe: Probe;
  readonly reuse: boolean;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly forMs: number;
}

/** `perSecond` are answers; `error` is what became of the first attempt that failed. */
export const LoadResult = z.strictObject({
  answered: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  perSecond: z.number().nonnegative(),
  error: z.string().optional(),
});
export type LoadResult = z.infer<typeof LoadResult>;

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

/** Attempts of a trail, one after another, that ended alike: from number `from` on, `count` of them. */
export const TrailRun = z.object({
  from: z.int().nonnegative(),
  count: z.int().positive(),
  verdict: Verdict,
  error: z.string().optional(),
  /** As in a Sample. */
  connection: z.int().nonnegative().optional(),
  sumUs: z.number(),
  maxUs: z.number(),
});
export type TrailRun = z.infer<typeof TrailRun>;

/**
 * What an agent tells of its trails, on its own monotonic clock. `first` numbers the first of the runs that are told;
 * more than was asked for: older ones were forgotten, because nobody fetched them.
 */
export const TrailReading = z.strictObject({
  nowMs: z.number(),
  stalls: z.array(Stall),
  trails: z.record(
    z.string(),
    z.strictObject({ startMs: z.number(), first: z.int().nonnegative(), runs: z.array(TrailRun) }),
  ),
});
export type TrailReading = z.infer<typeof TrailReading>;

export interface Sampler {
  /** Stops the schedule, waits for attempts in flight, returns all samples in schedule order. */
  stop(): Promise<Sample[]>;
  /** Samples so far, without stopping. */
  peek(): Promise<Sample[]>;
}
