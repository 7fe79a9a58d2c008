import { z } from 'zod';

/** A timer of more than 2^31 ms goes off at once; nobody means to wait for more than a day. */
const longestMs = 24 * 3_600_000;
const longestCaseMs = 3_600_000;
const ms = (value: number, why: string, most = longestMs) => z.int().min(1).max(most).default(value).describe(why);

/** Every wait of a run. Override with `--timeouts FILE` (YAML or JSON); unknown fields are refused. */
export const Timeouts = z.strictObject({
  dockerStartMs: ms(60_000, 'dockerd answering after Ordeal started it'),
  registryProbeMs: ms(3_000, '`--images auto`: how long the registry may take to answer'),
  nodesReadyMs: ms(300_000, 'all nodes Ready after the CNI was applied; image load dominates'),
  workloadReadyMs: ms(300_000, 'a DaemonSet, Deployment or StatefulSet of CNI, mesh or add-on fully ready'),
  podReadyMs: ms(120_000, 'a probe pod Running with its control channel answering'),
  podNetworkMs: ms(
    30_000,
    'a pod that the CNI gives no network, or that its own node does not reach, is given up after this',
  ),
  podLookMs: ms(3_000, 'from one look at what the kubelet says of such a pod to the next'),
  controlMs: ms(15_000, 'one round trip to an agent beyond the longest probe of its row'),
  connectMs: ms(1_000, 'a probe that gets no answer is `dropped` after this'),
  transferMs: ms(10_000, 'a probe that moves a large payload or shares its path with hundreds of others'),
  policyConnectMs: ms(300, 'the same inside NetworkPolicy tables, where pod RTT is under 5 ms and drops dominate time'),
  dnsQueryMs: ms(2_000, 'a DNS query that gets no answer is `dropped` after this'),
  dnsLookupMs: ms(4_500, "the same for a lookup by the pod's resolver, which asks again after 5 s (resolv.conf(5))"),
  dnsSettleMs: ms(60_000, 'a DNS answer must follow its objects within this; CoreDNS may cache the old one for 30 s'),
  dnsSilenceMs: ms(15_000, 'the same where nobody gets any answer of the DNS: what is cached does not explain silence'),
  knownSilenceMs: ms(
    4_000,
    'DNS or Services that a case of the run waited for in vain, without an answer to anybody since',
  ),
  settleMs: ms(30_000, 'a policy, endpoint or fault must take effect within this'),
  policySettleMs: ms(
    60_000,
    'a policy or a label must be in force within this; Cilium waits up to 30 s + 5 s before it acts on a new label',
  ),
  knownFailureSettleMs: ms(3_000, 'the same in a case that the baseline of this CNI says will fail'),
  canaryConfirmedSettleMs: ms(1_000, 'the same in such a case, once a policy that came after is seen in force'),
  unexplainedFailureMs: ms(30_000, 'what the baseline does not explain must be gone from such a case within this'),
  settlePollMs: ms(50, 'pause between samples while settling'),
  settleMostPollMs: ms(
    500,
    'what that pause grows to, a twentieth of the time waited: samples cost the CPU that is awaited',
  ),
  sampleMs: ms(50, 'open-loop traffic: one attempt this often on each path; the resolution of downtime windows'),
  keptFlowMs: ms(65_000, 'how long a kept connection must last; past the minute many devices forget a flow after'),
  idleGapMs: ms(35_000, 'the gap between two exchanges of an idle one; longer than a UDP entry of conntrack lives'),
  lossWindowMs: ms(10_000, 'how long the datagrams of a loss measurement are spread over, for each thousand'),
  sampleTimeoutMs: ms(5_000, 'an attempt of it that gets no answer failed; a starved server is slow, not down'),
  holdEveryMs: ms(250, 'from one look to the next at what must hold after it has settled'),
  holdProbeMs: ms(
    3_000,
    'a probe of such a look that gets no answer within this failed; a starved server is slow, not down',
  ),
  underFaultMs: ms(4_000, '`--during`: how long a fault is held at least while tables are measured'),
  slowPathMs: ms(25, 'a path whose median answer comes this much later than from the own loopback is slow'),
  slowDnsMs: ms(250, 'the same for a DNS query that the cluster itself can answer'),
  endpointChangeMs: ms(
    5_000,
    'every node obeys an endpoint that was added or removed within this, nothing else going on',
  ),
  policyChangeMs: ms(5_000, 'the same for a policy that was created or deleted, or a label changed, in most tries'),
  slowStreamMs: ms(2_500, 'a mebibyte there and back that takes longer, and far longer than on one node, is slow'),
  caseMs: ms(180_000, 'one case, all included; a case that runs longer is inconclusive', longestCaseMs),
  caseUnwindMs: ms(10_000, 'the body of a case that was given up ends within this, before its things are undone'),
  namespaceGoneMs: ms(90_000, 'a deleted namespace really absent'),
  cleanupMs: ms(180_000, 'all clean-up after a run or an interrupt'),
  credentialPluginMs: ms(30_000, 'an exec plugin of a kubeconfig gives a credential within this'),
  heartbeatMs: ms(
    10_000,
    'from one sign of life of a run on an existing cluster to the next; four missed: dead',
    600_000,
  ),
  apiPingMs: ms(30_000, 'from one ping on an open socket to the next; three without an answer end it'),
  apiConnectMs: ms(10_000, 'a connection to the API server'),
  apiRequestMs: ms(60_000, 'one request to the API server, or one command in a pod'),
  apiConflictMs: ms(10_000, 'a change that meets those of others is tried again this long'),
  apiKindServedMs: ms(30_000, 'the API server lists a kind after its CustomResourceDefinition was applied'),
  objectGoneMs: ms(90_000, 'a deleted object is really absent'),
  nodeCommandMs: ms(30_000, 'a command on a node that only looks; on a machine that also compiles it may take a while'),
  imageImportMs: ms(600_000, 'one image archive unpacked on a node'),
  hostCommandMs: ms(20_000, 'a command on this machine that only looks'),
  packagesMs: ms(900_000, 'one apt-get'),
  commandGraceMs: ms(10_000, 'from asking a command to end to killing it'),
  collectLogsMs: ms(60_000, 'all logs of a failed run'),
  unpausedReadyMs: ms(120_000, 'a cluster that was paused during a comparison is whole again'),
  unpausedSteadyMs: ms(3_000, 'and stays so for this long, before anything of it is measured'),
  faultShortDeadlineMs: ms(
    10_000,
    'the same where a case waits for the node to do it; injection and effect check fit in',
  ),
  faultDeadlineMs: ms(60_000, 'the node itself reverts a fault after this'),
});
export type Timeouts = z.infer<typeof Timeouts>;

let inForce: Timeouts = Timeouts.parse({});

/** Returns the timeouts of this process: the defaults, unless the command was given others. */
export function timeoutsInForce(): Timeouts {
  return inForce;
}

/** Puts the timeouts of a command in force, for the waits of the tool itself that no caller hands any. */
export function enforceTimeouts(timeouts: Timeouts): void {
  inForce = timeouts;
}

/** Consecutive agreeing samples that make a settled state (Gateway API conformance uses 3 as well). */
export const consecutiveToSettle = 2;
