import { nowUs } from './clock.ts';

/** A while in which this process got no time to run, as its own timer saw it. */
export interface AgentStall {
  readonly endedAgoMs: number;
  readonly ms: number;
}

const tickMs = 250;
/** Less than this no probe's timeout notices. */
const leastMs = 250;
const mostKept = 256;

/**
 * Watches for times in which the agent's own process did not run: what it does not serve then, and what it hears too
 * late, is the machine's doing and no path's. A process that sees itself stalled was, whatever its network does.
 */
export class StallWatch {
  private readonly seen: { readonly endedUs: number; readonly ms: number }[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;
  private lastUs: number;

  constructor(now: () => number = nowUs) {
    this.now = now;
    this.lastUs = now();
    this.timer = setInterval(() => this.look(), tickMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Returns the last 256 stalls, oldest first, with one that ends just now: timers may come after what asks. */
  recent(): AgentStall[] {
    this.look();
    return this.seen.map(({ endedUs, ms }) => ({ endedAgoMs: (this.now() - endedUs) / 1000, ms }));
  }

  private look(): void {
    const now = this.now();
    const ms = (now - this.lastUs) / 1000 - tickMs;
    this.lastUs = now;
    if (ms < leastMs) return;
    this.seen.push({ endedUs: now, ms });
    if (this.seen.length > mostKept) this.seen.shift();
  }
}
