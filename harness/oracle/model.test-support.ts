import { BlockList, isIPv4 } from 'node:net';
import type { TierPeer } from './admin-policy-schema.ts';
import type {
  Attempt,
  ExpectedVerdict,
  LabelSelector,
  Labels,
  Protocol,
  World,
  WorldPod,
  WorldService,
} from './types.ts';

/**
 * The specification once more, written to be obviously right and not to share a line with the oracle: a rule is
 * unfolded into the list of all its (address, port) pairs, and a connection is looked up in that list.
 */
interface Host {
  ip: string;
  node?: string;
  pod?: WorldPod;
  hostPod?: WorldPod;
}
interface Packet {
  src: Host;
  dst: Host;
  port: number;
  protocol: Protocol;
}

const families = (ip: string) => (isIPv4(ip) ? 'ipv4' : 'ipv6');

function inCidr(ip: string, cidr: string): boolean {
  const [net = '', length = ''] = cidr.split('/');
  if (families(net) !== families(ip)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(length), families(net));
  return list.check(ip, families(ip));
}

function selected(labels: Labels, selector: LabelSelector | undefined): boolean {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const present = Object.keys(labels).includes(key);
    const listed = present && values.includes(labels[key] ?? '');
    if (operator === 'Exists' && !present) return false;
    if (operator === 'DoesNotExist' && present) return false;
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
  }
  return true;
}

function labelsOfNamespace(world: World, name: string): Labels {
  const labels = world.namespaces.find((it) => it.name === name)?.labels ?? {};
  return { 'kubernetes.io/metadata.name': name, ...labels };
}

function policyAllows(world: World, packet: Packet, direction: 'Ingress' | 'Egress'): boolean | 'not isolated' {
  const me = direction === 'Ingress' ? packet.dst : packet.src;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (me.pod === undefined) return 'not isolated';
  let isolated = false;
  for (const { metadata, spec } of world.networkPolicies) {
    if (metadata.namespace !== me.pod.namespace || !selected(me.pod.labels, spec.podSelector)) continue;
    const types = spec.policyTypes?.length ? spec.policyTypes : spec.egress ? ['Ingress', 'Egress'] : ['Ingress'];
    if (!types.includes(direction)) continue;
    isolated = true;
    const rules =
      direction === 'Ingress'
        ? (spec.ingress ?? []).map((it) => ({ peers: it.from ?? [], ports: it.ports ?? [] }))
        : (spec.egress ?? []).map((it) => ({ peers: it.to ?? [], ports: it.ports ?? [] }));
    for (const { peers, ports } of rules) {
      const hosts = peers.flatMap((peer) => {
        if (peer.ipBlock) {
          const { cidr, except = [] } = peer.ipBlock;
          return inCidr(other.ip, cidr) && !except.some((it) => inCidr(other.ip, it)) ? [other.ip] : [];
        }
        const pods = world.pods.filter((it) => {
          if (it.hostNetwork === true || !selected(it.labels, peer.podSelector)) return false;
          if (!peer.namespaceSelector) return it.namespace === metadata.namespace;
          return selected(labelsOfNamespace(world, it.namespace), peer.namespaceSelector);
        });
        return pods.filter((it) => it === other.pod).map(() => other.ip);
      });
      const numbers = ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
        if (port === undefined) return [`${protocol} ${packet.port}`];
        if (typeof port === 'string') return portsNamed(packet.dst, port, protocol);
        const all: string[] = [];
        for (let each = port; each <= (endPort ?? port); each += 1) all.push(`${protocol} ${each}`);
        return all;
      });
      const peerFits = peers.length === 0 || hosts.includes(other.ip);
      if (peerFits && (ports.length === 0 || numbers.includes(`${packet.protocol} ${packet.port}`))) return true;
    }
  }
  return isolated ? false : 'not isolated';
}

function portsNamed(host: Host, name: string, protocol: Protocol): string[] {
  const fitting = host.pod?.containerPorts.filter((it) => it.name === name && it.protocol === protocol) ?? [];
  return fitting.map((it) => `${protocol} ${it.port}`);
}

type Action = 'Allow' | 'Accept' | 'Deny' | 'Pass';

function tierSays(
  world: World,
  packet: Packet,
  direction: 'Ingress' | 'Egress',
  tier: 'Admin' | 'Baseline',
): Action | 'nothing' {
  const me = direction === 'Ingress' ? packet.dst.pod : packet.src.pod;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (!me) return 'nothing';
  const chooses = (
    it: {
      namespaces?: LabelSelector | undefined;
      pods?: { namespaceSelector: LabelSelector; podSelector: LabelSelector } | undefined;
    },
    pod: WorldPod,
  ) =>
    it.pods
      ? selected(pod.labels, it.pods.podSelector) &&
        selected(labelsOfNamespace(world, pod.namespace), it.pods.namespaceSelector)
      : selected(labelsOfNamespace(world, pod.namespace), it.namespaces);
  const alpha1 = tier === 'Admin' ? (world.adminNetworkPolicies ?? []) : (world.baselineAdminNetworkPolicies ?? []);
  const alpha2 = (world.clusterNetworkPolicies ?? []).filter((it) => it.spec.tier === tier);
  const all = [...alpha1, ...alpha2].map((it) => ({
    order: [('priority' in it.spec ? it.spec.priority : 5000) + 10_000, `${it.kind}/${it.metadata.name}`].join(' '),
    it,
  }));
  all.sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const { it } of all) {
    if (!chooses(it.spec.subject, me)) continue;
    for (const rule of (direction === 'Ingress' ? it.spec.ingress : it.spec.egress) ?? []) {
      const peers: readonly TierPeer[] = 'from' in rule ? rule.from : rule.to;
      const peerFits = peers.some((peer) => {
        if (peer.networks) return peer.networks.some((cidr) => inCidr(other.ip, cidr));
        if (peer.nodes) {
          const nodes = world.nodes.filter((node) => selected(node.labels, peer.nodes));
          return nodes.some((node) => node.ips.includes(other.ip));
        }
        return other.pod !== undefined && chooses(peer, other.pod);
      });
      if (peerFits && tierPortFits(rule, packet)) return rule.action;
    }
  }
  return 'nothing';
}

function tierPortFits(rule: object, packet: Packet): boolean {
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
        const port = (match as { destinationPort?: { number?: number; range?: { start: number; end: number } } })
          .destinationPort;
        if (!port) wanted.push(`${kind.toUpperCase()} ${packet.port}`);
        else if (port.number !== undefined) wanted.push(`${kind.toUpperCase()} ${port.number}`);
        else if (port.range) upTo(kind.toUpperCase(), port.range.start, port.range.end);
      }
    }
  }
  return wanted.includes(`${packet.protocol} ${packet.port}`);
}

function directionAllows(world: World, packet: Packet, direction: 'Ingress' | 'Egress'): boolean {
  const me = direction === 'Ingress' ? packet.dst : packet.src;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (!me.pod) return true;
  // "traffic to and from the node where a Pod is running is always allowed"
  if (!other.pod && other.node !== undefined && other.node === me.pod.node) return true;
  const admin = tierSays(world, packet, direction, 'Admin');
  if (admin === 'Allow' || admin === 'Accept') return true;
  if (admin === 'Deny') return false;
  const policies = policyAllows(world, packet, direction);
  if (policies !== 'not isolated') return policies;
  return tierSays(world, packet, direction, 'Baseline') !== 'Deny';
}

/** Returns the verdict the specification's text gives, found the slow way. */
export function modelVerdict(world: World, attempt: Attempt): ExpectedVerdict {
  const sources = hostsOf(world, attempt.from);
  const { to } = attempt;
  const service =
    to.kind === 'service'
      ? world.services[0]
      : world.services.find((it) => to.kind === 'external' && it.clusterIPs.includes(to.ip));
  if (service) return viaService(world, sources, service, attempt);
  const target = hostsOf(world, to as Attempt['from'])[0];
  const source = sources.find((it) => target && families(it.ip) === families(target.ip));
  if (!source || !target) return 'unreachable';
  return packetVerdict(world, { src: source, dst: target, port: attempt.port, protocol: attempt.protocol }, false);
}

function viaService(
  world: World,
  sources: Host[],
  service: WorldService,
  { port, protocol }: Attempt,
): ExpectedVerdict {
  const virtual = service.clusterIPs[0];
  const offered = service.ports.filter((it) => it.port === port && it.protocol === protocol)[0];
  if (virtual !== undefined && !offered) return 'dropped';
  const pods = world.pods.filter((it) => it.namespace === service.namespace);
  const states =
    service.endpoints ??
    pods
      .filter((it) => selected(it.labels, { matchLabels: service.selector }))
      .map((it) => ({ pod: it.name, ready: true, serving: true, terminating: false }));
  const pick = (local: boolean) => {
    const candidates = states.flatMap((state) => {
      const pod = pods.find((it) => it.name === state.pod);
      return pod && (!local || pod.node === sources[0]?.node) ? [{ pod, state }] : [];
    });
    const good = candidates.filter(
      ({ state }) => service.publishNotReadyAddresses || (state.ready && !state.terminating),
    );
    return good.length ? good : candidates.filter(({ state }) => state.terminating && (state.serving ?? state.ready));
  };
  if (!pick(false).length) return 'refused';
  const chosen = pick(virtual !== undefined && service.internalTrafficPolicy === 'Local');
  if (!chosen.length) return 'dropped';
  let translated = 0;
  const verdicts = chosen.flatMap(({ pod }) => {
    const wanted = virtual === undefined ? port : (offered?.targetPort ?? port);
    const numeric =
      typeof wanted === 'number'
        ? wanted
        : pod.containerPorts.find((it) => it.name === wanted && it.protocol === protocol)?.port;
    if (numeric === undefined) return [];
    translated += 1;
    const ip = pod.ips.find((it) => virtual === undefined || families(it) === families(virtual));
    const src = sources.find((it) => ip !== undefined && families(it.ip) === families(ip));
    if (!src || ip === undefined) return [];
    const dst = pod.hostNetwork ? { ip, node: pod.node, hostPod: pod } : { ip, node: pod.node, pod };
    return [packetVerdict(world, { src, dst, port: numeric, protocol }, true)];
  });
  if (!translated) return 'refused';
  if (!verdicts.length) return 'unreachable';
  return new Set(verdicts).size === 1 ? (verdicts[0] ?? 'mixed') : 'mixed';
}

function packetVerdict(world: World, packet: Packet, translated: boolean): ExpectedVerdict {
  const { src, dst } = packet;
  const machine = (it: Host) => it.pod ?? it.hostPod ?? it.node ?? it.ip;
  const itself = machine(src) === machine(dst) && !translated;
  const fine = itself || (directionAllows(world, packet, 'Egress') && directionAllows(world, packet, 'Ingress'));
  if (!fine) return 'dropped';
  const listening = (dst.pod ?? dst.hostPod)?.serving;
  const there = listening?.some((it) => it.port === packet.port && it.protocol === packet.protocol) ?? true;
  return there ? 'open' : 'refused';
}

function hostsOf(world: World, end: Attempt['from']): Host[] {
  if (end.kind === 'external') {
    const pod = world.pods.find((it) => !it.hostNetwork && it.ips.includes(end.ip));
    const node = world.nodes.find((it) => it.ips.includes(end.ip));
    if (pod)
      return [
        { ip: end.ip, node: pod.node, pod },
        ...hostsOf(world, { kind: 'pod', ...pod }).filter((it) => it.ip !== end.ip),
      ];
    return node
      ? [{ ip: end.ip, node: node.name }, ...hostsOf(world, { kind: 'node', name: node.name })]
      : [{ ip: end.ip }];
  }
  if (end.kind === 'node') {
    const node = world.nodes.find((it) => it.name === end.name);
    return (node?.ips ?? []).map((ip) => ({ ip, node: end.name }));
  }
  const pod = world.pods.find((it) => it.namespace === end.namespace && it.name === end.name);
  if (!pod) return [];
  return pod.ips.map((ip) => (pod.hostNetwork ? { ip, node: pod.node, hostPod: pod } : { ip, node: pod.node, pod }));
}
