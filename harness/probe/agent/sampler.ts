import type { Sample } from '../agent-types.ts';
import { nowUs } from './clock.ts';
import type { Attempted, Connection } from './connection.ts';
import { unexpected } from './expectation.ts';
import { openConnection } from './open-connection.ts';
import type { SampleSpec } from './schema.ts';

/**
 * Open-loop schedule: attempt i is due at start + i * everyMs whatever became of the ones before, and its latency
 * counts from then. An answer that is not as expected is `open` with `error` set.
 */
export class Schedule {
  private readonly samples: (Sample | undefined)[] = [];
  private readonly flights = new Set<Promise<void>>();
  private readonly startUs = nowUs();
  private readonly everyMs: number;
  private readonly expect: SampleSpec['expect'];
  private readonly connection: Connection;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(spec: SampleSpec) {
    this.everyMs = spec.everyMs;
    this.expect = spec.expect;
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
    const flight = this.connection.attempt().then((made) => this.record(index, made));
    this.flights.add(flight);
    void flight.finally(() => this.flights.delete(flight));
  }

  private record(index: number, { result, connection }: Attempted): void {
    const { verdict, responder } = result;
    const latencyUs = Math.max(0, nowUs() - this.dueUs(index));
    const error = unexpected(result, this.expect) ?? result.error;
    this.samples[index] = { atMs: index * this.everyMs, verdict, latencyUs, error, responder, connection };
  }
}
