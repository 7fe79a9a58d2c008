import { setTimeout as pause } from 'node:timers/promises';

/** Time as waiting code sees it; a test brings its own. */
export interface Clock {
  /** Milliseconds on a clock that never steps. */
  now(): number;
  /** Resolves after `ms`; rejects when `signal` aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  pause: async (ms, signal) => {
    await pause(ms, undefined, { signal });
  },
};
