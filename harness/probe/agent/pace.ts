import { nowUs } from './timed.ts';

const shortestHoldMs = 8;
const longestHoldMs = 100;

/** Places for probes under way; a place is free again after an answer, or after twice what answers took of late. */
class Places {
  private readonly waiting: (() => void)[] = [];
  private holdMs = shortestHoldMs;
  private free: number;

  constructor(free: number) {
    this.free = free;
  }

  async take(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Gives the place of `flight` to the next, once. */
  async hold(flight: Promise<unknown>): Promise<void> {
    const startUs = nowUs();
    let timer: NodeJS.Timeout | undefined;
    const held = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.holdMs)));
    await Promise.race([flight.then(() => this.note((nowUs() - startUs) / 1000)).catch(() => undefined), held]);
    clearTimeout(timer);
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }

  private note(answeredMs: number): void {
    this.holdMs = Math.min(Math.max(2 * answeredMs, shortestHoldMs), longestHoldMs);
  }
}

/**
 * Runs `work` over all items, about `atOnce` at a time; results in the order of `items`. What stays silent holds nobody
 * up: a wait for an answer that does not come overlaps all the others. Rejects on the first failure.
 */
export async function inPace<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const places = new Places(atOnce);
  const flights: Promise<R>[] = [];
  for (const item of items) {
    await places.take();
    const flight = work(item);
    flights.push(flight);
    void places.hold(flight);
  }
  return Promise.all(flights);
}
