import { z } from 'zod';

/**
 * `failed`: the network did not do what the expectation says. `inconclusive`: the tool could not tell. `unsupported`:
 * the CNI or mesh does not claim and does not show the needed feature. `skipped`: this machine or cluster lacks
 * something no CNI could bring (SCTP in the kernel, a second node, node access).
 */
export const Outcome = z.enum(['passed', 'failed', 'inconclusive', 'unsupported', 'skipped']);
export type Outcome = z.infer<typeof Outcome>;

/** How an outcome relates to `reports/baselines`. */
export const BaselineNote = z.enum(['as-expected', 'known-failure', 'unexpected-pass']);
