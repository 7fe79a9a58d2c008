import { compileIpBlock } from '../base/cidr.ts';
import type { Flow } from './flow.ts';
import type { Party } from './party.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kube/network-policy.ts';
import { compileSelector, type LabelTest } from './selector.ts';
import type { IndexedPod } from './cluster-model-index.ts';

export type Direction = 'egress' | 'ingress';
export type FlowTest = (flow: Flow) => boolean;

/** Whom a rule is about. Tests of addresses depend on whether translation came before policy, others do not. */
export interface PeerTest {
  readonly by: 'labels' | 'address' | 'name';
  readonly test: FlowTest;
}

/** One way to read what the API leaves open: which address an egress ipBlock sees, whether domain names match. */
export interface Reading {
  readonly dialled: boolean;
  readonly names: boolean;
}
export const plainReading: Reading = { dialled: false, names: false };

interface Rule {
  /** Absent: any peer. */
  readonly peers?: readonly PeerTest[];
  /** Absent: any port. */
  readonly ports?: readonly FlowTest[];
}

/** One policy's say in one direction. */
export interface PolicySide {
  readonly name: string;
  readonly namespace: string;
  readonly selects: LabelTest;
  readonly rules: readonly Rule[];
}

/** Where a policy admits a flow; 1-based, `peer` absent when the rule names none. */
export interface Admission {
  readonly policy: string;
  readonly rule: number;
  readonly peer?: number;
}

/**
 * Returns the policies that isolate in this direction, sorted by name so that reasons are stable. policyTypes missing:
 * Ingress always, Egress only where there are egress rules; an empty list is none. Source: SetDefaults_NetworkPolicy in
 * k8s.io/kubernetes/pkg/apis/networking/v1, which the API reference's "egress section" leaves open.
 */
export function compileSides(policies: readonly NetworkPolicy[], direction: Direction): PolicySide[] {
  const acting = policies.filter((policy) => isolates(policy, direction));
  return acting.map((policy) => compileSide(policy, direction)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a policy isolates the pods it selects in this direction; source as above. */
export function isolates({ spec }: NetworkPolicy, direction: Direction): boolean {
  const types = spec.policyTypes ?? [];
  if (types.length > 0) return types.includes(direction === 'egress' ? 'Egress' : 'Ingress');
  return direction === 'ingress' || (spec.egress ?? []).length > 0;
}

function compileSide({ metadata, spec }: NetworkPolicy, direction: Direction): PolicySide {
  const { namespace } = metadata;
  const rules = direction === 'egress' ? (spec.egress ?? []) : (spec.ingress ?? []);
  return {
    name: `${namespace}/${metadata.name}`,
    namespace,
    selects: compileSelector(spec.podSelector ?? {}),
    rules: rules.map((rule) => ({
      peers: optional('to' in rule ? rule.to : 'from' in rule ? rule.from : undefined, (it) =>
        compilePeer(it, namespace, direction),
      ),
      ports: optional(rule.ports, compilePort),
    })),
  };
}

/** Missing and empty lists both mean "any" in NetworkPolicy rules. */
function optional<T, R>(items: readonly T[] | undefined, compile: (item: T) => R): R[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items.map(compile);
}

function compilePeer(peer: NetworkPolicyPeer, namespace: string, direction: Direction): PeerTest {
  if (peer.ipBlock !== undefined) {
    const inside = compileIpBlock(peer.ipBlock);
    const test: FlowTest = direction === 'egress' ? (flow) => inside(flow.target) : (flow) => inside(flow.source);
    return { by: 'address', test };
  }
  const chosen = remember(selectsPod(peer, namespace));
  const end = (flow: Flow): Party => (direction === 'egress' ? flow.to : flow.from);
  const test: FlowTest = (flow) => {
    const { pod } = end(flow);
    return pod !== undefined && chosen(pod);
  };
  return { by: 'labels', test };
}

function selectsPod(peer: NetworkPolicyPeer, namespace: string): (pod: IndexedPod) => boolean {
  const byPod = compileSelector(peer.podSelector ?? {});
  if (peer.namespaceSelector === undefined) return ({ pod }) => pod.namespace === namespace && byPod(pod.labels);
  const byNamespace = compileSelector(peer.namespaceSelector);
  return ({ pod, namespaceLabels }) => byNamespace(namespaceLabels) && byPod(pod.labels);
}

/** Caches a pod test: a table asks the same peer about the same pod once per port and partner. */
export function remember(test: (pod: IndexedPod) => boolean): (pod: IndexedPod) => boolean {
  const known = new Map<IndexedPod, boolean>();
  return (pod) => {
    const before = known.get(pod);
    if (before !== undefined) return before;
    const answer = test(pod);
    known.set(pod, answer);
    return answer;
  };
}

function compilePort({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): FlowTest {
  if (port === undefined) return (flow) => flow.protocol === protocol;
  if (typeof port === 'string') return (flow) => flow.protocol === protocol && namesPort(flow, port);
  const last = endPort ?? port;
  return (flow) => flow.protocol === protocol && flow.port >= port && flow.port <= last;
}

/** Returns whether the destination pod calls the flow's port by this name, on the flow's protocol. */
export function namesPort({ to, port, protocol }: Flow, name: string): boolean {
  const declared = to.pod?.pod.containerPorts ?? [];
  return declared.some((it) => it.name === name && it.port === port && it.protocol === protocol);
}

/** Returns the first admission among the sides, or undefined when no rule of any side admits the flow. */
export function firstAdmission(sides: readonly PolicySide[], flow: Flow, reading: Reading): Admission | undefined {
  for (const side of sides) {
    const admission = admissionBy(side, flow, reading);
    if (admission !== undefined) return admission;
  }
  return undefined;
}

function admissionBy({ name, rules }: PolicySide, flow: Flow, reading: Reading): Admission | undefined {
  for (const [at, { peers, ports }] of rules.entries()) {
    if (peers === undefined && portsFit(ports, flow)) return { policy: name, rule: at + 1 };
    const peer = peers?.findIndex((it) => peerFits(it, ports, flow, reading)) ?? -1;
    if (peer >= 0) return { policy: name, rule: at + 1, peer: peer + 1 };
  }
  return undefined;
}

function portsFit(ports: readonly FlowTest[] | undefined, flow: Flow): boolean {
  return ports === undefined || ports.some((test) => test(flow));
}

/** Returns whether peer and ports of a rule fit the flow, in this reading. */
export function peerFits(
  peer: PeerTest,
  ports: readonly FlowTest[] | undefined,
  flow: Flow,
  reading: Reading,
): boolean {
  const seen = peer.by === 'address' && reading.dialled ? untranslated(flow) : flow;
  if (peer.by === 'name' && !reading.names) return false;
  return portsFit(ports, seen) && peer.test(seen);
}

/** The flow as it was before translation: to the address and port that the client dialled. */
function untranslated(flow: Flow): Flow {
  const { dialled } = flow;
  return dialled === undefined ? flow : { ...flow, target: dialled.address, port: dialled.port };
}
