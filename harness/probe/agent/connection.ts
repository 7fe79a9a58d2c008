import type { ProbeResult } from '../types.ts';

/** The result of an attempt and, where it was made on a kept connection, the how-manieth that was, from 0. */
export interface Attempted {
  readonly result: ProbeResult;
  readonly connection?: number;
}

/** What a sampler sends its attempts on. */
export interface Connection {
  /** Runs one attempt to its verdict; never rejects. */
  attempt(): Promise<Attempted>;
  close(): void;
}
