import { nowUs } from './clock.ts';
import type { Attempted, Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';
import type { SampleSpec } from './schema.ts';

/** Told of each attempt when it is over: its number, what became of it, how long after it was due. */
export type Record = (index: number, made: Attempted, latencyUs: number) => void;

/**
 * Open-loop schedule: attempt i is due at start + i * everyMs whatever became of the ones before, and its latency
 * counts from then.
 */
export class OpenLoop {
  readonly startUs: number;
  private readonly flights = new Set<Promise<void>>();
  private readonly everyMs: number;
  private readonly connection: Connection;
  private readonly record: Record;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private begun = 0;

  constructor(spec: SampleSpec, record: Record, startUs = nowUs()) {
    this.everyMs = spec.everyMs;
    this.record = record;
    this.startUs = startUs;
    this.connection = openConnection(spec.probe, spec.reuse);
    this.tick();
  }

  /**
   * Ends the schedule and waits for attempts in flight. What was due is made first: a process that got no time just before
   * would otherwise have asked less than it was told to.
   */
  async stop(): Promise<void> {
    this.launchDue();
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.flights);
    this.connection.close();
  }

  private tick(): void {
    this.launchDue();
    const waitMs = (this.dueUs(this.begun) - nowUs()) / 1000;
    this.timer = setTimeout(() => this.tick(), Math.max(0, waitMs));
  }

  private launchDue(): void {
    while (!this.stopped && this.dueUs(this.begun) <= nowUs()) this.launch();
  }

  private dueUs(index: number): number {
    return this.startUs + index * this.everyMs * 1000;
  }

  private launch(): void {
    const index = this.begun++;
    const flight = this.connection.attempt().then((made) => {
      this.record(index, made, Math.max(0, nowUs() - this.dueUs(index)));
    });
    this.flights.add(flight);
    void flight.finally(() => this.flights.delete(flight));
  }
}
