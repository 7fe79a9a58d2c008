import {
  inCidr,
  labelsOfNamespace,
  portsNamed,
  seenByAddress,
  selected,
  type ReferenceReading,
  type Packet,
} from './reference-terms.test-support.ts';
import type { NetworkPolicyPort } from '../kube/network-policy.ts';
import { tierSays } from './reference-tiers.test-support.ts';
import type { ClusterModel } from './model-types.ts';

function portFits(packet: Packet, ports: readonly NetworkPolicyPort[], number: number): boolean {
  const numbers = ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    if (port === undefined) return [`${protocol} ${number}`];
    if (typeof port === 'string') return portsNamed(packet.dst, port, protocol);
    const all: string[] = [];
    for (let each = port; each <= (endPort ?? port); each += 1) all.push(`${protocol} ${each}`);
    return all;
  });
  return ports.length === 0 || numbers.includes(`${packet.protocol} ${number}`);
}

/**
 * The specification once more, written to be obviously right and not to share a line with the oracle: a rule is
 * unfolded into the list of all its (address, port) pairs, and a connection is looked up in that list.
 */
function policyAllows(
  model: ClusterModel,
  packet: Packet,
  direction: 'Ingress' | 'Egress',
  reading: ReferenceReading,
): boolean | 'not isolated' {
  const me = direction === 'Ingress' ? packet.dst : packet.src;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (me.pod === undefined) return 'not isolated';
  let isolated = false;
  for (const { metadata, spec } of model.networkPolicies) {
    if (metadata.namespace !== me.pod.namespace || !selected(me.pod.labels, spec.podSelector)) continue;
    const types = spec.policyTypes?.length
      ? spec.policyTypes
      : spec.egress?.length
        ? ['Ingress', 'Egress']
        : ['Ingress'];
    if (!types.includes(direction)) continue;
    isolated = true;
    const rules =
      direction === 'Ingress'
        ? (spec.ingress ?? []).map((it) => ({ peers: it.from ?? [], ports: it.ports ?? [] }))
        : (spec.egress ?? []).map((it) => ({ peers: it.to ?? [], ports: it.ports ?? [] }));
    for (const { peers, ports } of rules) {
      if (peers.length === 0 && portFits(packet, ports, packet.port)) return true;
      for (const peer of peers) {
        if (peer.ipBlock) {
          const { ip, port } = seenByAddress(packet, direction, reading);
          const { cidr, except = [] } = peer.ipBlock;
          if (inCidr(ip, cidr) && !except.some((it) => inCidr(ip, it)) && portFits(packet, ports, port)) return true;
          continue;
        }
        const pods = model.pods.filter((it) => {
          if (it.hostNetwork === true || !selected(it.labels, peer.podSelector)) return false;
          if (!peer.namespaceSelector) return it.namespace === metadata.namespace;
          return selected(labelsOfNamespace(model, it.namespace), peer.namespaceSelector);
        });
        if (pods.some((it) => it === other.pod) && portFits(packet, ports, packet.port)) return true;
      }
    }
  }
  return isolated ? false : 'not isolated';
}

/** Returns whether one direction lets the packet pass, in one reading. */
export function directionAllows(
  model: ClusterModel,
  packet: Packet,
  direction: 'Ingress' | 'Egress',
  reading: ReferenceReading,
): boolean {
  const me = direction === 'Ingress' ? packet.dst : packet.src;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (!me.pod) return true;
  // "traffic to and from the node where a Pod is running is always allowed"
  if (!other.pod && other.node !== undefined && other.node === me.pod.node) return true;
  const admin = tierSays(model, packet, direction, 'Admin', reading);
  if (admin === 'Allow' || admin === 'Accept') return true;
  if (admin === 'Deny') return false;
  const policies = policyAllows(model, packet, direction, reading);
  if (policies !== 'not isolated') return policies;
  return tierSays(model, packet, direction, 'Baseline', reading) !== 'Deny';
}
