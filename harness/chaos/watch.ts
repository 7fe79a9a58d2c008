import { setTimeout as pause } from 'node:timers/promises';
import { OrdealError } from '../base/errors.ts';
import { type DowntimeSummary, isFailure, summariseDowntime } from '../disruption/downtime.ts';
import { quantile } from '../measure/statistics.ts';
import type { Agent, Sample, Sampler } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';

/** Traffic that runs before, during and after a fault. */
export interface Watch {
  /** As it was written. */
  readonly text: string;
  readonly probe: Probe;
}

const form = 'tcp://HOST:PORT, udp://HOST:PORT, http://HOST[:PORT][/PATH] or dns://NAME';

/** Returns the probe that `--watch` names. @throws OrdealError USAGE for text of another form. */
export function parseWatch(text: string, timeouts: { sampleTimeoutMs: number; dnsQueryMs: number }): Watch {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol = '', hostname: host = '', port: portText = '', pathname = '' } = url ?? {};
  const port = Number(portText === '' && protocol === 'http:' ? 80 : portText);
  const timeoutMs = timeouts.sampleTimeoutMs;
  if (host === '' || !['tcp:', 'udp:', 'http:', 'dns:'].includes(protocol))
    throw new OrdealError('USAGE', `--watch ${text}: write ${form}`);
  if (protocol === 'dns:') {
    return { text, probe: { kind: 'dns', name: host, rrtype: 'A', timeoutMs: timeouts.dnsQueryMs } };
  }
  if (!Number.isInteger(port) || port < 1)
    throw new OrdealError('USAGE', `--watch ${text}: the port is missing; ${form}`);
  if (protocol === 'tcp:') return { text, probe: { kind: 'tcp', host, port, timeoutMs, connectOnly: true } };
  if (protocol === 'udp:') return { text, probe: { kind: 'udp', host, port, timeoutMs } };
  return { text, probe: { kind: 'http', host, port, timeoutMs, path: pathname || '/' } };
}

/** What was seen on one watch in one stretch of time. */
export interface Seen extends DowntimeSummary {
  readonly failedShare: number;
  /** Of attempts that were answered; NaN where none was. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type Stretch = 'before' | 'during' | 'after';

/** Open-loop traffic from one pod over every watch, on new connections. */
export class Watchers {
  private readonly running: readonly { readonly watch: Watch; readonly sampler: Sampler }[];
  private readonly startedAt = performance.now();

  private constructor(running: readonly { readonly watch: Watch; readonly sampler: Sampler }[]) {
    this.running = running;
  }

  static async start(agent: Agent, watches: readonly Watch[], everyMs: number): Promise<Watchers> {
    const start = async (watch: Watch) => ({
      watch,
      sampler: await agent.sample({ probe: watch.probe, everyMs, reuse: false }),
    });
    return new Watchers(await Promise.all(watches.map(start)));
  }

  /** Milliseconds since the traffic began, near enough for stretches of seconds. */
  now(): number {
    return performance.now() - this.startedAt;
  }

  /** Waits that long while the traffic runs; interrupted, no longer. */
  async quietFor(ms: number, signal: AbortSignal): Promise<void> {
    await pause(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Ends the traffic and returns every attempt, in order, by watch as it was written. */
  async samples(): Promise<Map<string, readonly Sample[]>> {
    const ended = this.running.map(async ({ watch, sampler }) => [watch.text, await sampler.stop()] as const);
    return new Map(await Promise.all(ended));
  }

  /** Returns every attempt so far. */
  async soFar(): Promise<Map<string, readonly Sample[]>> {
    const seen = this.running.map(async ({ watch, sampler }) => [watch.text, await sampler.peek()] as const);
    return new Map(await Promise.all(seen));
  }

  /** Ends the traffic and returns what was seen in each stretch between the marks, by watch. */
  async stop(marks: {
    readonly injected: number;
    readonly reverted: number;
  }): Promise<Map<string, Record<Stretch, Seen>>> {
    const { injected, reverted } = marks;
    const stretches = (samples: readonly Sample[]) => {
      const between = (from: number, to: number) => seenIn(samples.filter(({ atMs }) => atMs >= from && atMs < to));
      return { before: between(0, injected), during: between(injected, reverted), after: between(reverted, Infinity) };
    };
    return new Map([...(await this.samples())].map(([text, samples]) => [text, stretches(samples)]));
  }
}

/** Returns what samples of one stretch amount to. */
export function seenIn(samples: readonly Sample[]): Seen {
  const told = samples.filter(({ verdict }) => verdict !== 'inconclusive');
  const answered = told.filter((sample) => !isFailure(sample)).map(({ latencyUs }) => latencyUs / 1_000);
  return {
    ...summariseDowntime(samples),
    failedShare: told.length === 0 ? Number.NaN : (told.length - answered.length) / told.length,
    p50Ms: quantile(answered, 0.5),
    p99Ms: quantile(answered, 0.99),
  };
}

/** Returns one stretch in a line. */
export function describeSeen({ attempts, failures, longestMs, p50Ms, p99Ms, inconclusive }: Seen): string {
  const latency = Number.isNaN(p50Ms) ? 'none answered' : `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
  const broken = inconclusive === 0 ? '' : `, ${inconclusive} inconclusive`;
  return `${attempts} sent, ${failures} failed${broken}; longest downtime ${longestMs.toFixed(0)} ms; ${latency}`;
}
