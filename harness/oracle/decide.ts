import type { ClusterModel } from './model-types.ts';
import type { Flow } from './flow.ts';
import {
  compileSides,
  firstAdmission,
  plainReading,
  type Direction,
  type PolicySide,
  type Reading,
} from './network-policy.ts';
import type { Party } from './party.ts';
import { compileTier, firstMatch, type TierAction, type TierPolicy } from './tier-policy.ts';
import type { DirectionReason } from './types.ts';
import type { IndexedPod } from './cluster-model-index.ts';

/** Everything that may act on one pod in one direction. */
interface PodRules {
  readonly admin: readonly TierPolicy[];
  readonly sides: readonly PolicySide[];
  readonly baseline: readonly TierPolicy[];
}

/** Compiled policies of a model: which rules act on a pod. */
export interface Rulebook extends Readonly<Record<Direction, (pod: IndexedPod) => PodRules>> {
  /** Whether any rule is about domain names. */
  readonly hasNames: boolean;
}

/** One direction of one flow, with `about` naming the other end and the port. */
interface Question {
  readonly direction: Direction;
  readonly flow: Flow;
  readonly subject: Party;
  readonly about: string;
  readonly reading: Reading;
}

/** Returns the model's policies, ready for `decide`; what acts on a pod is looked up once per pod and direction. */
export function compileRulebook(model: ClusterModel): Rulebook {
  return { egress: lookup(model, 'egress'), ingress: lookup(model, 'ingress'), hasNames: hasNames(model) };
}

function hasNames({
  adminNetworkPolicies = [],
  baselineAdminNetworkPolicies = [],
  clusterNetworkPolicies = [],
}: ClusterModel) {
  const all = [...adminNetworkPolicies, ...baselineAdminNetworkPolicies, ...clusterNetworkPolicies];
  const peers = all.flatMap(({ spec }) => (spec.egress ?? []).flatMap(({ to }) => to));
  return peers.some(({ domainNames }) => domainNames !== undefined);
}

function lookup(model: ClusterModel, direction: Direction): (pod: IndexedPod) => PodRules {
  const admin = compileTier(model, 'Admin', direction);
  const sides = Map.groupBy(compileSides(model.networkPolicies, direction), (side) => side.namespace);
  const baseline = compileTier(model, 'Baseline', direction);
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
export function decide(
  rulebook: Rulebook,
  direction: Direction,
  flow: Flow,
  reading: Reading = plainReading,
): DirectionReason | undefined {
  const [subject, peer] = direction === 'egress' ? [flow.from, flow.to] : [flow.to, flow.from];
  const target = subject.pod ?? subject.host;
  if (target === undefined) return undefined;
  const rules = rulebook[direction](target);
  if (rules.admin.length + rules.sides.length + rules.baseline.length === 0) return undefined;
  const exempt = exemption(direction, subject, peer);
  if (exempt !== undefined) return exempt;
  const about = `${peer.name} on ${flow.protocol} ${flow.port}`;
  const decided = byTiers(rules, { direction, flow, subject, about, reading });
  return peer.host === undefined || decided === undefined ? decided : { ...decided, disputed: 'host-network' };
}

/** Pods cannot block the node they run on, and policy on hostNetwork pods is undefined: most CNIs ignore it. */
function exemption(direction: Direction, subject: Party, peer: Party): DirectionReason | undefined {
  const admitted = { direction, admitted: true, policies: [] };
  if (subject.host !== undefined) {
    const text = `${direction} of ${subject.name} is left alone: the specification does not define policy for hostNetwork pods`;
    return { ...admitted, text, disputed: 'host-network' };
  }
  // A pod read from a file is on no node yet (''), so it shares none.
  if (peer.pod !== undefined || !peer.node || peer.node !== subject.node) return undefined;
  if (direction === 'ingress') return { ...admitted, text: `${peer.name} may always reach pods of its own node` };
  return { ...admitted, text: `${subject.name} may reach the node it runs on`, disputed: 'own-node' };
}

function byTiers(rules: PodRules, question: Question): DirectionReason | undefined {
  const admin = tierSays('admin', rules.admin, question);
  if (admin !== undefined && admin.action !== 'Pass') return admin.reason;
  const later = rules.sides.length > 0 ? sideReason(rules.sides, question) : baselineReason(rules.baseline, question);
  if (admin === undefined || later === undefined) return later ?? admin?.reason;
  const { disputed = admin.reason.disputed } = later;
  const text = `${admin.reason.text}; ${later.text}`;
  return disputed === undefined ? { ...later, text } : { ...later, text, disputed };
}

function baselineReason(policies: readonly TierPolicy[], question: Question): DirectionReason | undefined {
  const said = tierSays('baseline', policies, question);
  return said?.action === 'Pass' ? undefined : said?.reason;
}

function sideReason(
  sides: readonly PolicySide[],
  { direction, flow, subject, about, reading }: Question,
): DirectionReason {
  const admission = firstAdmission(sides, flow, reading);
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

const says = { Accept: 'accepts', Deny: 'denies', Pass: 'passes on' };

/** First matching rule of the first matching policy decides; equal priorities that disagree are the author's error. */
function tierSays(
  tier: 'admin' | 'baseline',
  policies: readonly TierPolicy[],
  { direction, flow, subject, about, reading }: Question,
): { action: TierAction; reason: DirectionReason } | undefined {
  const match = firstMatch(policies, flow, reading);
  if (match === undefined) return undefined;
  const { policy, action, rule, peer } = match;
  const whom = direction === 'ingress' ? `${about} to ${subject.name}` : `${subject.name} to ${about}`;
  const text = `${policy.name} ${direction} rule ${rule} peer ${peer} ${says[action]} ${whom}`;
  const reason = { direction, admitted: action !== 'Deny', tier, policies: [policy.name], rule, peer, text };
  const rivals = policies.filter((it) => it !== policy && it.priority === policy.priority);
  const contested = rivals.some((rival) => (firstMatch([rival], flow, reading)?.action ?? action) !== action);
  return { action, reason: contested ? { ...reason, disputed: 'equal-priority' } : reason };
}
