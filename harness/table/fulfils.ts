import type { Judgement } from '../oracle/types.ts';
import type { Verdict } from '../probe/types.ts';

type Expected = Pick<Judgement, 'verdict' | 'reason'>;

/** Not open: in silence, by a reset or an ICMP port unreachable, or by another ICMP error. */
export const closedVerdicts: readonly Verdict[] = ['refused', 'dropped', 'unreachable'];

/** Whether a policy turns the packet away, which NetworkPolicy calls "not allowed" and leaves open how it is said. */
function isDenied({ verdict, reason }: Expected): boolean {
  return verdict === 'dropped' && [reason.egress, reason.ingress].some((side) => side?.admitted === false);
}

/**
 * Whether a measured verdict is what the oracle expects. A deny means not open: some CNIs drop, others reject. A balanced
 * Service may give any of its endpoints' verdicts. A pod that does not listen refuses too, so a refusal proves a deny only
 * beside a look that finds the port open: a table has the cells of each pod to itself, checks have their controls.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation.
 */
export function fulfils(expected: Expected, measured: Verdict): boolean {
  if (expected.verdict === 'mixed' || expected.verdict === measured) return true;
  return isDenied(expected) && closedVerdicts.includes(measured);
}

/** Whether a refusal stands where a deny is expected: it is the policy's, unless nothing listens there. */
export function mayBeClosedPort(expected: Expected, measured: Verdict): boolean {
  return isDenied(expected) && measured === 'refused';
}
