import {
  families,
  inCidr,
  labelsOfNamespace,
  portsNamed,
  selected,
  type Host,
  type Packet,
} from './model-terms.test-support.ts';
import { tierSays } from './model-tiers.test-support.ts';
import type { Attempt, ExpectedVerdict, World, WorldService } from './types.ts';

/**
 * The specification once more, written to be obviously right and not to share a line with the oracle: a rule is
 * unfolded into the list of all its (address, port) pairs, and a connection is looked up in that list.
 */
function policyAllows(world: World, packet: Packet, direction: 'Ingress' | 'Egress'): boolean | 'not isolated' {
  const me = direction === 'Ingress' ? packet.dst : packet.src;
  const other = direction === 'Ingress' ? packet.src : packet.dst;
  if (me.pod === undefined) return 'not isolated';
  let isolated = false;
  for (const { metadata, spec } of world.networkPolicies) {
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
