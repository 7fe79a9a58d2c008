import type { AdaptiveTimeout } from './adaptive-timeout.ts';
import type { SharedUdp } from './udp-shared.ts';

/** How an attempt of a row of probes differs from one of a sampler, which counts every late answer. */
export interface Attempt {
  readonly adaptive?: AdaptiveTimeout;
  /** The row's socket, for UDP probes that may share one. */
  readonly shared?: SharedUdp;
}
