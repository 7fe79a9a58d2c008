import type { ProbeResult } from '../types.ts';

/** What a sampler sends its attempts on. */
export interface Connection {
  /** Runs one attempt to its verdict; never rejects. */
  attempt(): Promise<ProbeResult>;
  close(): void;
}
