import type { Flow, Party } from './flow.ts';
import { compileSides, firstAdmission, type Direction, type PolicySide } from './network-policy.ts';
import { compileTier, type TierAction, type TierPolicy } from './tier-policy.ts';
import type { DirectionReason, World } from './types.ts';
import type { IndexedPod } from './world-index.ts';

/** Everything that may act on one pod in one direction. */
interface PodRules {
  readonly admin: readonly TierPolicy[];
  readonly sides: readonly PolicySide[];
  readonly baseline: readonly TierPolicy[];
}

/** Compiled policies of a world: which rules act on a pod. */
export type Rulebook = Record<Direction, (pod: IndexedPod) => PodRules>;

type Match = { readonly policy: TierPolicy; readonly rule: number; readonly peer: number; readonly action: TierAction };

/** Returns the world's policies, ready for `decide`; what acts on a pod is looked up once per pod and direction. */
export function compileRulebook(world: World): Rulebook {
  return { egress: lookup(world, 'egress'), ingress: lookup(world, 'ingress') };
}

function lookup(world: World, direction: Direction): (pod: IndexedPod) => PodRules {
  const admin = compileTier(world, 'Admin', direction);
  const sides = Map.groupBy(compileSides(world.networkPolicies, direction), (side) => side.namespace);
  const baseline = compileTier(world, 'Baseline', direction);
  const known = new Map<IndexedPod, PodRules>();
  return (indexed) => {
    const rules = known.get(indexed) ?? {
      admin: admin.filter((policy) => policy.selects(indexed)),
      sides: (sides.get(indexed.pod.namespace) ?? []).filter((side) => side.selects(indexed.pod.labels)),
      baseline: baseline.filter((policy) => policy.selects(indexed)),
    };
    known.set(indexed, rules);
    return rules;
  };
}

/**
 * Returns what policy says about one direction of a flow, or undefined when nothing concerns it. Order: exemptions of
 * the node, Admin tier, NetworkPolicy of an isolated pod, Baseline tier. Source: Kubernetes "Network Policies", and
 * ClusterNetworkPolicySpec.tier of the network-policy-api.
 */
export function decide(rulebook: Rulebook, direction: Direction, flow: Flow): DirectionReason | undefined {
  const [subject, peer] = direction === 'egress' ? [flow.from, flow.to] : [flow.to, flow.from];
  const target = subject.pod ?? subject.host;
  if (target === undefined) return undefined;
  const rules = rulebook[direction](target);
  if (rules.admin.length + rules.sides.length + rules.baseline.length === 0) return undefined;
  const exempt = exemption(direction, subject, peer);
  if (exempt !== undefined) return exempt;
  const decided = byTiers(rules, direction, flow, subject, peer);
  return peer.host === undefined || decided === undefined ? decided : { ...decided, disputed: 'host-network' };
}

/** Pods cannot block the node they run on, and policy on hostNetwork pods is undefined: most CNIs ignore it. */
function exemption(direction: Direction, subject: Party, peer: Party): DirectionReason | undefined {
  const admitted = { direction, admitted: true, policies: [] };
  if (subject.host !== undefined) {
    const text = `${direction} of ${subject.name} is left alone: the specification does not define policy for hostNetwork pods`;
    return { ...admitted, text, disputed: 'host-network' };
  }
  if (peer.pod !== undefined || peer.node === undefined || peer.node !== subject.node) return undefined;
  if (direction === 'ingress') return { ...admitted, text: `${peer.name} may always reach pods of its own node` };
  return { ...admitted, text: `${subject.name} may reach the node it runs on`, disputed: 'own-node' };
}

function byTiers(
  rules: PodRules,
  direction: Direction,
  flow: Flow,
  subject: Party,
  peer: Party,
): DirectionReason | undefined {
  const about = `${peer.name} on ${flow.protocol} ${flow.port}`;
  const admin = firstMatch(rules.admin, flow);
  if (admin !== undefined && admin.action !== 'Pass')
    return tierReason('admin', direction, admin, about, rules.admin, flow);
  if (rules.sides.length > 0) return sideReason(rules.sides, direction, flow, subject, about);
  const baseline = firstMatch(rules.baseline, flow);
  if (baseline === undefined || baseline.action === 'Pass') return undefined;
  return tierReason('baseline', direction, baseline, about, rules.baseline, flow);
}

function sideReason(
  sides: readonly PolicySide[],
  direction: Direction,
  flow: Flow,
  subject: Party,
  about: string,
): DirectionReason {
  const admission = firstAdmission(sides, flow);
  const tier = 'networkpolicy';
  if (admission === undefined) {
    const policies = sides.map((side) => side.name);
    const text = `${direction} of ${subject.name} isolated by ${policies.join(', ')}, no rule admits ${about}`;
    return { direction, admitted: false, tier, policies, text };
  }
  const { policy, ...place } = admission;
  const at = place.peer === undefined ? 'any peer' : `peer ${place.peer}`;
  const text = `${policy} ${direction} rule ${place.rule} ${at} admits ${about}`;
  return { direction, admitted: true, tier, policies: [policy], ...place, text };
}

function firstMatch(policies: readonly TierPolicy[], flow: Flow): Match | undefined {
  for (const policy of policies) {
    for (const [at, { action, peers, ports }] of policy.rules.entries()) {
      if (ports !== undefined && !ports.some((test) => test(flow))) continue;
      const peer = peers.findIndex((test) => test(flow));
      if (peer >= 0) return { policy, rule: at + 1, peer: peer + 1, action };
    }
  }
  return undefined;
}

function tierReason(
  tier: 'admin' | 'baseline',
  direction: Direction,
  { policy, rule, peer, action }: Match,
  about: string,
  policies: readonly TierPolicy[],
  flow: Flow,
): DirectionReason {
  const text = `${policy.name} ${direction} rule ${rule} peer ${peer} (${action}) decides about ${about}`;
  const reason = { direction, admitted: action === 'Accept', tier, policies: [policy.name], rule, peer, text };
  const rivals = policies.filter((it) => it !== policy && it.priority === policy.priority);
  const contested = rivals.some((rival) => (firstMatch([rival], flow)?.action ?? action) !== action);
  return contested ? { ...reason, disputed: 'equal-priority' } : reason;
}
