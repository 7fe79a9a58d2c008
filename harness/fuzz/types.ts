import type { ClusterModel } from '../oracle/model-types.ts';
import { z } from 'zod';
import { NetworkPolicy, Protocol } from '../kube/network-policy.ts';
import type { Attempt } from '../oracle/types.ts';
import { Verdict } from '../probe/types.ts';

/**
 * Puts exactly the world's policies in force and returns what the network does with each attempt, in their order, once
 * that agrees with `expected` or has had time enough to. `shrink`: many worlds of a known disagreement follow.
 */
export type Measure = (
  world: ClusterModel,
  attempts: readonly Attempt[],
  options: { readonly agrees: (measured: readonly Verdict[]) => boolean; readonly phase: 'search' | 'shrink' },
) => Promise<readonly Verdict[]>;

const Disagreement = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: z.int(),
  protocol: Protocol,
  expected: z.string(),
  measured: Verdict,
  reason: z.string(),
});

/**
 * A disagreement anyone can replay: policies over the logical namespaces x, y, z and pods a, b, c. `addresses` are the
 * pods' addresses when it was found; a replay puts its own in their place.
 */
export const FuzzCase = z.strictObject({
  apiVersion: z.literal('ordeal.dev/v1'),
  kind: z.literal('FuzzCase'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    seed: z.int().optional(),
    world: z.int().optional(),
    addresses: z.record(z.string(), z.string()),
    policies: z.array(NetworkPolicy),
    disagreements: z.array(Disagreement),
  }),
});
export type FuzzCase = z.infer<typeof FuzzCase>;
