import type { AdaptiveTimeout } from './adaptive-timeout.ts';
import type { SharedUdp } from './udp-shared.ts';

/** How an attempt of a table differs from one of a sampler, which counts every loss and every late answer. */
export interface Attempt {
  /** A lone lost packet may be repeated inside the timeout. */
  readonly retry: boolean;
  readonly adaptive?: AdaptiveTimeout;
  /** The row's socket, for UDP probes that may share one. */
  readonly shared?: SharedUdp;
}
