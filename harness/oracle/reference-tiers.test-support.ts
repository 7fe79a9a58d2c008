import type { LabelSelector } from '../kube/network-policy.ts';
import type { TierPeer } from '../kube/admin-network-policy.ts';
import {
  inCidr,
  labelsOfNamespace,
  portsNamed,
  seenByAddress,
  selected,
  type ReferenceReading,
  type Packet,
} from './reference-terms.test-support.ts';
import type { ClusterModel, PodModel } from './model-types.ts';

type Action = 'Allow' | 'Accept' | 'Deny' | 'Pass';

/** Returns what the first matching rule of the tier says. */
export function tierSays(
  model: ClusterModel,
  packet: Packet,
  direction: 'Ingress' | 'Egress',
  tier: 'Admin' | 'Baseline',
  reading: ReferenceReading,
): Action | 'nothing' {
  const me = direction === 'Ingress' ? packet.dst.pod : packet.src.pod;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (!me) return 'nothing';
  const chooses = (
    it: {
      namespaces?: LabelSelector | undefined;
      pods?: { namespaceSelector?: LabelSelector | undefined; podSelector: LabelSelector } | undefined;
    },
    pod: PodModel,
  ) =>
    it.pods
      ? selected(pod.labels, it.pods.podSelector) &&
        selected(labelsOfNamespace(model, pod.namespace), it.pods.namespaceSelector)
      : selected(labelsOfNamespace(model, pod.namespace), it.namespaces);
  const alpha1 = tier === 'Admin' ? (model.adminNetworkPolicies ?? []) : (model.baselineAdminNetworkPolicies ?? []);
  const alpha2 = (model.clusterNetworkPolicies ?? []).filter((it) => it.spec.tier === tier);
  const all = [...alpha1, ...alpha2].map((it) => ({
    order: [('priority' in it.spec ? it.spec.priority : 5000) + 10_000, `${it.kind}/${it.metadata.name}`].join(' '),
    it,
  }));
  all.sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const { it } of all) {
    if (!chooses(it.spec.subject, me)) continue;
    for (const rule of (direction === 'Ingress' ? it.spec.ingress : it.spec.egress) ?? []) {
      const peers: readonly TierPeer[] = 'from' in rule ? rule.from : rule.to;
      const byAddress = seenByAddress(packet, direction, reading);
      const fits = peers.some((peer) => {
        if (peer.networks)
          return peer.networks.some((cidr) => inCidr(byAddress.ip, cidr)) && tierPortFits(rule, packet, byAddress.port);
        if (peer.nodes) {
          const nodes = model.nodes.filter((node) => selected(node.labels, peer.nodes));
          return nodes.some((node) => node.ips.includes(byAddress.ip)) && tierPortFits(rule, packet, byAddress.port);
        }
        if (!tierPortFits(rule, packet, packet.port)) return false;
        if (peer.domainNames) return reading.names && !(other.pod ?? other.hostPod ?? other.node);
        return other.pod !== undefined && chooses(peer, other.pod);
      });
      if (fits) return rule.action;
    }
  }
  return 'nothing';
}

function tierPortFits(rule: object, packet: Packet, port: number): boolean {
  const wanted: string[] = [];
  const names = (name: string) => (['TCP', 'UDP', 'SCTP'] as const).flatMap((it) => portsNamed(packet.dst, name, it));
  const upTo = (protocol: string, start: number, end: number) => {
    for (let each = start; each <= end; each += 1) wanted.push(`${protocol} ${each}`);
  };
  type Any = { ports?: AnyPort[]; protocols?: AnyProtocol[] };
  type AnyPort = {
    portNumber?: { protocol?: string; port: number };
    portRange?: { protocol?: string; start: number; end: number };
    namedPort?: string;
  };
  type AnyProtocol = Record<string, unknown>;
  const { ports, protocols } = rule as Any;
  if (!ports?.length && !protocols) return true;
  for (const { portNumber, portRange, namedPort } of ports ?? []) {
    if (portNumber) wanted.push(`${portNumber.protocol ?? 'TCP'} ${portNumber.port}`);
    if (portRange) upTo(portRange.protocol ?? 'TCP', portRange.start, portRange.end);
    if (namedPort !== undefined) wanted.push(...names(namedPort));
  }
  for (const protocol of protocols ?? []) {
    for (const [kind, match] of Object.entries(protocol)) {
      if (kind === 'destinationNamedPort') wanted.push(...names(String(match)));
      else if (match !== undefined) {
        const range = (match as { destinationPort?: { number?: number; range?: { start: number; end: number } } })
          .destinationPort;
        if (range?.number !== undefined) wanted.push(`${kind.toUpperCase()} ${range.number}`);
        else if (range?.range) upTo(kind.toUpperCase(), range.range.start, range.range.end);
      }
    }
  }
  return wanted.includes(`${packet.protocol} ${port}`);
}
