import { exceptionsRemoved, policiesAdmitted, ruleAdded } from './admission.ts';
import { background, everySeconds } from './changes.ts';
import { companions } from './companions.ts';
import { onceIsolated } from './when-isolated.ts';
import type { Bed, Change, Mutation } from './types.ts';

const policy = {
  area: 'policy',
  needs: 'policy',
  mustNotFail: ['connectivity-pod-to-pod-*-tcp', 'services-cluster-ip-every-node'],
} as const;
const leaks = ['open', 'dropped', 'expected', 'leak'];
const denies = ['networkpolicy-rule-deny-all-*', 'networkpolicy-e2e-default-deny-*'];
const some = [...denies, 'networkpolicy-rule-allow-all-*', 'networkpolicy-e2e-allow-all', 'networkpolicy-target-*'];

/**
 * Every defect of policy enforcement. What the engine is told differs from what was written (an admission policy, or a
 * further policy beside it), which looks the same as an engine that does it by itself, on every CNI that has one.
 */
export const policyMutations: readonly Mutation[] = [
  {
    ...policy,
    ...{ name: 'policy-agent-stopped-one-node', defect: 'the CNI agent of one node is stopped' },
    kind: [...leaks, 'did not settle', '{b}'],
    plan: (bed) => [onceIsolated(bed, agentStopped(bed))],
    // One case, so one grid: the pods of a second would not start. Its first policy is the sign to stop the agent, which may
    // read it before it is; the second comes when the first has been seen to hold.
    mustFail: ['networkpolicy-e2e-updated-policy'],
    mustNotFail: ['dns-every-server'],
  },
  {
    ...policy,
    ...{ name: 'policy-udp-open', defect: 'no policy isolates UDP', ci: true },
    kind: leaks,
    plan: (bed) => [policiesAdmitted(bed, [ruleAdded('ingress', `{'ports': [{'protocol': 'UDP'}]}`)])],
    mustFail: [...denies, 'networkpolicy-port-ingress-tcp-*'],
  },
  {
    ...policy,
    ...{ name: 'policy-one-port-open', defect: 'no policy isolates TCP port 81' },
    kind: leaks,
    plan: (bed) => [
      policiesAdmitted(bed, [ruleAdded('ingress', `{'ports': [{'protocol': dyn('TCP'), 'port': dyn(81)}]}`)]),
    ],
    mustFail: [...denies, 'networkpolicy-port-ingress-tcp-*'],
  },
  {
    ...policy,
    ...{ name: 'policy-egress-open', defect: 'egress is not enforced', ci: true },
    kind: leaks,
    plan: (bed) => [policiesAdmitted(bed, [ruleAdded('egress', '{}')])],
    mustFail: [
      'networkpolicy-rule-deny-all-egress',
      'networkpolicy-e2e-client-side-egress',
      'networkpolicy-port-egress-tcp-*',
    ],
    mustNotFail: ['networkpolicy-rule-deny-all-ingress', ...policy.mustNotFail],
  },
  {
    ...policy,
    ...{ name: 'policy-except-ignored', defect: 'the exceptions of an ipBlock are ignored' },
    unseenOn: { cilium: 'its ipBlocks select no pods, so an exception makes no difference' },
    kind: leaks,
    plan: (bed) => [policiesAdmitted(bed, exceptionsRemoved())],
    mustFail: ['networkpolicy-peer-ingress-ipblock-except', 'networkpolicy-peer-egress-ipblock-except'],
    mustNotFail: ['networkpolicy-rule-deny-all-ingress', ...policy.mustNotFail],
  },
  {
    ...policy,
    ...{ name: 'policy-late', defect: 'a policy is in force 8 s late' },
    kind: ['late', 'budget'],
    plan: (bed) => [companions(bed, { kind: 'late', ms: 8_000 })],
    mustFail: [...some, 'networkpolicy-latency-policy'],
  },
  {
    ...policy,
    ...{ name: 'policy-flapping', defect: 'a policy is in force for 1.5 s, then not for 1.5 s' },
    kind: [...leaks, 'relapse'],
    plan: (bed) => [companions(bed, { kind: 'flapping', openMs: 1_500, closedMs: 1_500 })],
    mustFail: [...some, 'networkpolicy-hold'],
  },
  {
    ...policy,
    ...{ name: 'policy-deletion-ignored', defect: 'a deleted policy stays in force for a minute' },
    kind: ['dropped', 'open', 'did not settle', 'closed'],
    plan: (bed) => [companions(bed, { kind: 'undead', ms: 60_000 })],
    mustFail: ['networkpolicy-e2e-deleted-policies', 'networkpolicy-action-policy-create-delete'],
    mustNotFail: ['connectivity-pod-to-pod-*-tcp'],
  },
  {
    ...policy,
    ...{ name: 'policy-one-pair-leaks', defect: 'pod a of namespace y reaches every isolated pod' },
    kind: leaks,
    plan: (bed) => [policiesAdmitted(bed, [ruleAdded('ingress', `{'from': [${onePod('y', 'a')}]}`)])],
    mustFail: [...denies, 'networkpolicy-target-*'],
  },
];

const onePod = (ns: string, pod: string) =>
  `{'namespaceSelector': {'matchLabels': {'ns': '${ns}'}}, 'podSelector': {'matchLabels': {'pod': '${pod}'}}}`;

/** Kept stopped: its liveness probe has it started anew after a minute. The class keeps the pattern off our own shell. */
function agentStopped(bed: Bed): Change {
  const pattern = bed.cni.agent.process.replace(/^./, '[$&]');
  return background(bed, bed.pair[1], 'agent-stopped', {
    argv: ['sh', 'SCRIPT'],
    script: everySeconds(0.2, `pkill -STOP -f '${pattern}' || true`),
    after: `pkill -CONT -f '${pattern}' || true`,
  });
}
