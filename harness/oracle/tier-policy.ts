import type { LabelSelector, Protocol } from '../kube/network-policy.ts';
import type { AdminPort, ClusterProtocol, TierPeer, TierSubject } from '../kube/admin-network-policy.ts';
import { compileCidr, parseAddress, type Address } from '../base/cidr.ts';
import type { Flow } from './flow.ts';
import type { Party } from './party.ts';
import {
  namesPort,
  peerFits,
  remember,
  type Direction,
  type FlowTest,
  type PeerTest,
  type Reading,
} from './network-policy.ts';
import { compileSelector } from './selector.ts';
import type { ClusterModel, NodeModel } from './model-types.ts';
import type { IndexedPod } from './cluster-model-index.ts';

export type TierAction = 'Accept' | 'Deny' | 'Pass';
type PodTest = (pod: IndexedPod) => boolean;

export interface TierRule {
  readonly action: TierAction;
  readonly peers: readonly PeerTest[];
  /** Absent: any protocol and port. */
  readonly ports?: readonly FlowTest[];
}

export interface TierPolicy {
  /** `AdminNetworkPolicy/name`: the kinds share one name space of priorities but not of names. */
  readonly name: string;
  readonly priority: number;
  readonly selects: PodTest;
  readonly rules: readonly TierRule[];
}

export interface TierMatch {
  readonly policy: TierPolicy;
  readonly rule: number;
  readonly peer: number;
  readonly action: TierAction;
}

interface RawRule {
  readonly action: TierAction | 'Allow';
  readonly peers: readonly TierPeer[];
  readonly ports: readonly FlowTest[] | undefined;
}

/** Returns the policies of one tier that have rules in this direction: lower priority number first, then name. */
export function compileTier(model: ClusterModel, tier: 'Admin' | 'Baseline', direction: Direction): TierPolicy[] {
  const found = [...alphaPolicies(model, tier, direction), ...clusterPolicies(model, tier, direction)];
  return found.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

function alphaPolicies(model: ClusterModel, tier: 'Admin' | 'Baseline', direction: Direction): TierPolicy[] {
  const admin = (model.adminNetworkPolicies ?? []).map((it) => ({ ...it, priority: it.spec.priority }));
  // A cluster has one baseline policy without a priority: behind all that have one.
  const baseline = (model.baselineAdminNetworkPolicies ?? []).map((it) => ({ ...it, priority: Infinity }));
  return (tier === 'Admin' ? admin : baseline).map(({ kind, metadata, priority, spec }) => {
    const ingress = (spec.ingress ?? []).map((it) => ({ ...it, peers: it.from }));
    const egress = (spec.egress ?? []).map((it) => ({ ...it, peers: it.to }));
    const raw = (direction === 'egress' ? egress : ingress).map((it) => ({ ...it, ports: it.ports?.map(adminPort) }));
    return compilePolicy(model, `${kind}/${metadata.name}`, priority, spec.subject, raw, direction);
  });
}

function clusterPolicies(model: ClusterModel, tier: 'Admin' | 'Baseline', direction: Direction): TierPolicy[] {
  const ofTier = (model.clusterNetworkPolicies ?? []).filter((it) => it.spec.tier === tier);
  return ofTier.map(({ kind, metadata, spec }) => {
    const ingress = (spec.ingress ?? []).map((it) => ({ ...it, peers: it.from }));
    const egress = (spec.egress ?? []).map((it) => ({ ...it, peers: it.to }));
    const rules = direction === 'egress' ? egress : ingress;
    const raw = rules.map((it) => ({ ...it, ports: it.protocols?.map(clusterProtocol) }));
    return compilePolicy(model, `${kind}/${metadata.name}`, spec.priority, spec.subject, raw, direction);
  });
}

function compilePolicy(
  model: ClusterModel,
  name: string,
  priority: number,
  subject: TierSubject,
  raw: readonly RawRule[],
  direction: Direction,
): TierPolicy {
  const rules = raw.map(({ action, peers, ports }) => ({
    action: action === 'Allow' ? 'Accept' : action,
    peers: peers.map((peer) => compilePeer(model, peer, direction)),
    ports: ports !== undefined && ports.length > 0 ? ports : undefined,
  }));
  return { name, priority, selects: remember(compilePods(subject)), rules };
}

function compilePeer(model: ClusterModel, peer: TierPeer, direction: Direction): PeerTest {
  if (peer.networks !== undefined)
    return { by: 'address', test: addressTest(peer.networks.map(compileCidr), direction) };
  if (peer.nodes !== undefined)
    return { by: 'address', test: addressTest(nodeAddresses(model.nodes, peer.nodes), direction) };
  // Names are not addresses: only a resolver in the path knows them. Of pods and nodes it knows nothing.
  if (peer.domainNames !== undefined) return { by: 'name', test: ({ to }) => isOutside(to) };
  const chosen = remember(compilePods(peer));
  const test: FlowTest = (flow) => {
    const { pod } = direction === 'egress' ? flow.to : flow.from;
    return pod !== undefined && chosen(pod);
  };
  return { by: 'labels', test };
}

const isOutside = ({ pod, host, node }: Party) => (pod ?? host ?? node) === undefined;

function addressTest(tests: readonly ((address: Address) => boolean)[], direction: Direction): FlowTest {
  return (flow) => tests.some((test) => test(direction === 'egress' ? flow.target : flow.source));
}

function nodeAddresses(nodes: readonly NodeModel[], selector: LabelSelector): ((address: Address) => boolean)[] {
  const selects = compileSelector(selector);
  const addresses = nodes.filter((node) => selects(node.labels)).flatMap((node) => node.ips.map(parseAddress));
  return addresses.map(
    ({ family, value }) =>
      (it) =>
        it.family === family && it.value === value,
  );
}

function compilePods({ namespaces, pods }: TierSubject): PodTest {
  const byNamespace = compileSelector(namespaces ?? pods?.namespaceSelector ?? {});
  const byPod = compileSelector(pods?.podSelector ?? {});
  return ({ pod, namespaceLabels }) => byNamespace(namespaceLabels) && byPod(pod.labels);
}

function range(protocol: Protocol, start: number, end: number): FlowTest {
  return (flow) => flow.protocol === protocol && flow.port >= start && flow.port <= end;
}

function adminPort({ portNumber, portRange, namedPort = '' }: AdminPort): FlowTest {
  if (portNumber !== undefined) return range(portNumber.protocol ?? 'TCP', portNumber.port, portNumber.port);
  if (portRange !== undefined) return range(portRange.protocol ?? 'TCP', portRange.start, portRange.end);
  return (flow: Flow) => namesPort(flow, namedPort);
}

function clusterProtocol({ tcp, udp, sctp, destinationNamedPort }: ClusterProtocol): FlowTest {
  if (destinationNamedPort !== undefined) return (flow) => namesPort(flow, destinationNamedPort);
  const protocol = tcp !== undefined ? 'TCP' : udp !== undefined ? 'UDP' : 'SCTP';
  const port = (tcp ?? udp ?? sctp)?.destinationPort;
  if (port?.number !== undefined) return range(protocol, port.number, port.number);
  return range(protocol, port?.range?.start ?? 1, port?.range?.end ?? 65535);
}

/** Returns the first rule, in priority and rule order, that matches the flow in this reading; 1-based. */
export function firstMatch(policies: readonly TierPolicy[], flow: Flow, reading: Reading): TierMatch | undefined {
  for (const policy of policies) {
    for (const [at, { action, peers, ports }] of policy.rules.entries()) {
      const peer = peers.findIndex((it) => peerFits(it, ports, flow, reading));
      if (peer >= 0) return { policy, rule: at + 1, peer: peer + 1, action };
    }
  }
  return undefined;
}
