import { z } from 'zod';

const ms = (value: number, why: string) => z.int().positive().default(value).describe(why);

/** Every wait of a run. Override with `--timeouts FILE` (YAML or JSON); unknown fields are refused. */
export const Timeouts = z.strictObject({
  dockerStartMs: ms(60_000, 'dockerd answering after Ordeal started it'),
  registryProbeMs: ms(3_000, '`--images auto`: how long the registry may take to answer'),
  nodesReadyMs: ms(300_000, 'all nodes Ready after the CNI was applied; image load dominates'),
  workloadReadyMs: ms(300_000, 'a DaemonSet, Deployment or StatefulSet of CNI, mesh or add-on fully ready'),
  podReadyMs: ms(120_000, 'a probe pod Running with its control channel answering'),
  controlMs: ms(15_000, 'one round trip to an agent beyond the longest probe of its row'),
  connectMs: ms(1_000, 'a probe that gets no answer is `dropped` after this'),
  policyConnectMs: ms(300, 'the same inside NetworkPolicy tables, where pod RTT is under 5 ms and drops dominate time'),
  settleMs: ms(30_000, 'a policy, endpoint or fault must take effect within this'),
  settlePollMs: ms(50, 'pause between samples while settling'),
  caseMs: ms(180_000, 'one case, all included; a case that runs longer is inconclusive'),
  namespaceGoneMs: ms(90_000, 'a deleted namespace really absent'),
  cleanupMs: ms(180_000, 'all clean-up after a run or an interrupt'),
  faultDeadlineMs: ms(60_000, 'the node itself reverts a fault after this'),
});
export type Timeouts = z.infer<typeof Timeouts>;

/** Consecutive agreeing samples that make a settled state (Gateway API conformance uses 3 as well). */
export const consecutiveToSettle = 2;
