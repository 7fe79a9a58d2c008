import type { ProbeResult, Sample } from '../types.ts';
import { nowUs } from './clock.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';
import type { Request } from './schema.ts';

type SampleSpec = Extract<Request, { op: 'sample' }>['spec'];

const serverError = 500;

function errorOf(result: ProbeResult): string | undefined {
  if (result.http !== undefined && result.http.status >= serverError) return `HTTP ${result.http.status}`;
  return result.error;
}

/**
 * Open-loop schedule: attempt i is due at start + i * everyMs whatever became of the ones before, and its latency
 * counts from then. An HTTP answer of 500 or more is `open` with `error` set.
 */
export class Schedule {
  private readonly samples: (Sample | undefined)[] = [];
  private readonly flights = new Set<Promise<void>>();
  private readonly startUs = nowUs();
  private readonly everyMs: number;
  private readonly connection: Connection;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(spec: SampleSpec) {
    this.everyMs = spec.everyMs;
    this.connection = openConnection(spec.probe, spec.reuse);
    this.tick();
  }

  /** Returns the samples from index `from` on, up to the first whose attempt is still in flight. */
  peek(from: number): Sample[] {
    const unknown = this.samples.indexOf(undefined, from);
    const known = this.samples.slice(from, unknown < 0 ? undefined : unknown);
    return known.filter((sample) => sample !== undefined);
  }

  /** Ends the schedule, waits for attempts in flight, returns the samples from index `from` on. */
  async stop(from: number): Promise<Sample[]> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.flights);
    this.connection.close();
    return this.peek(from);
  }

  private tick(): void {
    while (!this.stopped && this.dueUs(this.samples.length) <= nowUs()) this.launch();
    const waitMs = (this.dueUs(this.samples.length) - nowUs()) / 1000;
    this.timer = setTimeout(() => this.tick(), Math.max(0, waitMs));
  }

  private dueUs(index: number): number {
    return this.startUs + index * this.everyMs * 1000;
  }

  private launch(): void {
    const index = this.samples.push(undefined) - 1;
    const flight = this.connection.attempt().then((result) => this.record(index, result));
    this.flights.add(flight);
    void flight.finally(() => this.flights.delete(flight));
  }

  private record(index: number, result: ProbeResult): void {
    const { verdict, responder } = result;
    const latencyUs = Math.max(0, nowUs() - this.dueUs(index));
    this.samples[index] = { atMs: index * this.everyMs, verdict, latencyUs, error: errorOf(result), responder };
  }
}
