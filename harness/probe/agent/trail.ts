import type { TrailReading, TrailRun } from '../agent-types.ts';
import type { Attempted } from './connection.ts';
import { nowUs } from './clock.ts';
import { unexpected } from './expectation.ts';
import { OpenLoop } from './open-loop.ts';
import type { SampleSpec } from './schema.ts';

/** A run is closed after this long, so that latencies can be told of any stretch of time. */
const longestRunMs = 10_000;
/** Half an hour of a path that flaps at every attempt; what nobody fetches after that is forgotten, oldest first. */
const mostRuns = 20_000;

interface Over {
  readonly made: Attempted;
  readonly latencyUs: number;
}

/**
 * An open loop that keeps runs of like attempts in place of samples: hours of a path that is up take no memory, so that
 * what was seen outlasts a control plane that is away.
 */
export class Trail {
  private readonly runs: TrailRun[] = [];
  private readonly waiting = new Map<number, Over>();
  private readonly loop: OpenLoop;
  private readonly spec: SampleSpec;
  private dropped = 0;
  private next = 0;

  /** `part` of its interval passes before the first attempt, so that many trails of one agent do not act all at once. */
  constructor(spec: SampleSpec, part = 0) {
    this.spec = spec;
    const startUs = nowUs() + part * spec.everyMs * 1000;
    this.loop = new OpenLoop(spec, (index, made, latencyUs) => this.over(index, { made, latencyUs }), startUs);
  }

  /** On the agent's own clock, in milliseconds: when attempt 0 was due. */
  get startMs(): number {
    return this.loop.startUs / 1000;
  }

  /** Returns the runs from number `from` on, the last of which may yet grow; earlier ones are forgotten. */
  read(from: number): { readonly first: number; readonly runs: TrailRun[] } {
    const known = Math.min(Math.max(0, from - this.dropped), this.runs.length);
    this.runs.splice(0, known);
    this.dropped += known;
    return { first: this.dropped, runs: [...this.runs] };
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Attempts end in any order; runs are made of them in the order in which they were due. */
  private over(index: number, over: Over): void {
    this.waiting.set(index, over);
    for (let due = this.waiting.get(this.next); due !== undefined; due = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      this.add(this.next, due);
      this.next += 1;
    }
  }

  private add(index: number, { made: { result, connection }, latencyUs }: Over): void {
    const error = unexpected(result, this.spec.expect) ?? result.error;
    const last = this.runs.at(-1);
    const { verdict } = result;
    const alike = last?.verdict === verdict && last.error === error && last.connection === connection;
    if (alike && (index - last.from) * this.spec.everyMs < longestRunMs) {
      last.count += 1;
      last.sumUs += latencyUs;
      last.maxUs = Math.max(last.maxUs, latencyUs);
      return;
    }
    const latency = { sumUs: latencyUs, maxUs: latencyUs };
    this.runs.push({ from: index, count: 1, verdict, ...latency, ...optional({ error, connection }) });
    if (this.runs.length > mostRuns) {
      this.runs.shift();
      this.dropped += 1;
    }
  }
}

function optional<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Every next multiple of it falls into the widest gap of those before. */
const goldenPart = 0.618_034;
const mostSpreadMs = 10_000;

/** The trails of one agent, by name. */
export class Trails {
  private readonly named = new Map<string, Trail>();
  private begun = 0;

  /** Naming it twice is a repeated frame after a broken connection, not a second trail. */
  start(name: string, spec: SampleSpec): void {
    if (this.named.has(name)) return;
    // What is tried twice a minute begins at once: its connection is to be there before anything happens.
    const part = spec.everyMs > mostSpreadMs ? 0 : (this.begun++ * goldenPart) % 1;
    this.named.set(name, new Trail(spec, part));
  }

  async stop(name: string): Promise<void> {
    const trail = this.named.get(name);
    this.named.delete(name);
    await trail?.stop();
  }

  /** Returns what is new of each trail asked for; one that is not here is left out: the agent restarted since. */
  read(from: Readonly<Record<string, number>>): Omit<TrailReading, 'stalls'> {
    const trails = Object.entries(from).flatMap(([name, first]) => {
      const trail = this.named.get(name);
      return trail === undefined ? [] : [[name, { startMs: trail.startMs, ...trail.read(first) }] as const];
    });
    return { nowMs: nowUs() / 1000, trails: Object.fromEntries(trails) };
  }
}
