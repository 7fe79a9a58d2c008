import { families, inCidr, selected, type Host, type Packet } from './reference-terms.test-support.ts';
import { directionAllows } from './reference-policies.test-support.ts';
import type { Attempt, ExpectedVerdict, Protocol, ServicePort, ClusterModel, ServiceModel } from './types.ts';

/** A way into a Service, from the client's side. */
interface Entry {
  service: ServiceModel;
  offered: ServicePort | undefined;
  /** Addresses the client may dial. */
  dialled: string[];
  local: boolean;
  node: string | undefined;
  disguises: string[];
}

/** Returns the verdict the specification's text gives, found the slow way. */
export function referenceVerdict(model: ClusterModel, attempt: Attempt): ExpectedVerdict {
  const { to, port, protocol } = attempt;
  const sources = hostsOf(model, attempt.from);
  const offers = (it: ServiceModel) => it.ports.find((one) => one.port === port && one.protocol === protocol);
  const owner =
    to.kind === 'service'
      ? model.services[0]
      : model.services.find((it) => to.kind === 'external' && it.clusterIPs.includes(to.ip));
  if (owner) {
    const dialled = to.kind === 'external' ? [to.ip] : [...owner.clusterIPs];
    if (dialled.length > 0 && !offers(owner)) return 'dropped';
    const offered = dialled.length === 0 ? undefined : offers(owner);
    const local = dialled.length > 0 && owner.internalTrafficPolicy === 'Local';
    return viaService(model, sources, attempt, {
      service: owner,
      offered,
      dialled,
      local,
      node: sources[0]?.node,
      disguises: [],
    });
  }
  const nodeOfIp = (ip: string) => model.nodes.find((it) => it.ips.includes(ip));
  if (to.kind === 'external') {
    for (const service of model.services) {
      const balanced = service.loadBalancerIPs?.includes(to.ip) === true;
      if (!balanced && service.externalIPs?.includes(to.ip) !== true) continue;
      const offered = offers(service);
      if (!offered && nodeOfIp(to.ip)) continue;
      if (!offered) return 'dropped';
      const ranges = service.loadBalancerSourceRanges ?? [];
      if (balanced && ranges.length > 0 && !sources.some(({ ip }) => ranges.some((it) => inCidr(ip, it))))
        return 'dropped';
      const disguises = service.externalTrafficPolicy === 'Local' ? [] : model.nodes.flatMap(({ ips }) => ips);
      return viaService(model, sources, attempt, {
        service,
        offered,
        dialled: [to.ip],
        local: false,
        node: undefined,
        disguises,
      });
    }
  }
  const targets = to.kind === 'external' ? hostsOf(model, to).slice(0, 1) : hostsOf(model, to as Attempt['from']);
  const atNode = targets[0]?.node !== undefined && !targets[0].pod ? targets[0].node : undefined;
  const published = atNode === undefined ? undefined : atNodeOf(model, sources, attempt, atNode, targets);
  if (published) return published;
  const pair = targets.flatMap((dst) =>
    sources.filter((src) => families(src.ip) === families(dst.ip)).map((src) => ({ src, dst })),
  )[0];
  return pair ? packetVerdict(model, { ...pair, port, protocol }, false) : 'unreachable';
}

function atNodeOf(
  model: ClusterModel,
  sources: Host[],
  attempt: Attempt,
  node: string,
  targets: Host[],
): ExpectedVerdict | undefined {
  const { port, protocol } = attempt;
  const dialled = targets.map(({ ip }) => ip);
  for (const service of model.services) {
    const offered = service.ports.filter((it) => it.nodePort === port && it.protocol === protocol).at(-1);
    if (!offered) continue;
    const own = sources[0]?.node === node || sources[0]?.pod !== undefined;
    const local = service.externalTrafficPolicy === 'Local' && !own;
    const ips = model.nodes.find((it) => it.name === node)?.ips ?? [];
    const disguises = service.externalTrafficPolicy === 'Local' ? [] : [...ips];
    return viaService(model, sources, attempt, { service, offered, dialled, local, node, disguises });
  }
  const holder = model.pods.find(
    (it) =>
      it.node === node &&
      !it.hostNetwork &&
      it.containerPorts.some((one) => one.hostPort === port && one.protocol === protocol),
  );
  const ip = dialled.find((one) => sources.some((it) => families(it.ip) === families(one)));
  if (!holder || ip === undefined) return undefined;
  const bound = holder.containerPorts.find((one) => one.hostPort === port && one.protocol === protocol);
  const src = sources.find((it) => families(it.ip) === families(ip));
  const to = holder.ips.find((it) => families(it) === families(ip));
  if (!src || to === undefined) return 'unreachable';
  const dst = { ip: to, node, pod: holder };
  return packetVerdict(model, { src, dst, port: bound?.port ?? 0, protocol, dialled: { ip, port } }, true);
}

/** Whoever the endpoints are, with the port each of them is reached at. */
function candidatesOf(
  model: ClusterModel,
  { service, offered }: Entry,
  { port, protocol }: { port: number; protocol: Protocol },
) {
  const pods = model.pods.filter((it) => it.namespace === service.namespace);
  const chosen = service.selector && Object.keys(service.selector).length > 0 ? service.selector : { nobody: 'nobody' };
  const states =
    service.endpoints ??
    pods
      .filter((it) => selected(it.labels, { matchLabels: chosen }))
      .map((it) => ({
        pod: it.name,
        ips: undefined,
        node: undefined,
        ports: undefined,
        ready: true,
        serving: true,
        terminating: false,
      }));
  return states.flatMap((state) => {
    const pod = pods.find((it) => it.name === state.pod);
    const hosts: Host[] = pod
      ? pod.ips.map((ip) => (pod.hostNetwork ? { ip, node: pod.node, hostPod: pod } : { ip, node: pod.node, pod }))
      : (state.ips ?? []).flatMap((ip) => hostsOf(model, { kind: 'external', ip }).slice(0, 1));
    if (hosts.length === 0) return [];
    const wanted = offered?.targetPort ?? offered?.port ?? port;
    const stated = state.ports?.find((it) => it.name === (offered?.name ?? '') && it.protocol === protocol)?.port;
    const named = pod?.containerPorts.find((it) => it.name === wanted && it.protocol === protocol)?.port;
    const own = typeof wanted === 'number' ? wanted : named;
    const number = offered === undefined ? port : state.ports === undefined ? own : stated;
    return [{ state, hosts, node: state.node ?? pod?.node, number }];
  });
}

function viaService(model: ClusterModel, sources: Host[], attempt: Attempt, entry: Entry): ExpectedVerdict {
  const { service, dialled, local, node, disguises } = entry;
  const all = candidatesOf(model, entry, attempt);
  const pick = (onlyHere: boolean) => {
    const candidates = all.filter((it) => !onlyHere || it.node === node);
    const good = candidates.filter(
      ({ state }) => service.publishNotReadyAddresses || (state.ready && !state.terminating),
    );
    return good.length ? good : candidates.filter(({ state }) => state.terminating && (state.serving ?? state.ready));
  };
  if (!pick(false).length) return 'refused';
  const chosen = pick(local).filter(({ number }) => number !== undefined);
  if (!pick(local).length) return 'dropped';
  if (!chosen.length) return 'refused';
  const virtual = dialled.find((ip) => sources.some((it) => families(it.ip) === families(ip))) ?? dialled[0];
  const verdicts = chosen.flatMap(({ hosts, number = 0 }) => {
    const fitting = hosts.filter(({ ip }) => virtual === undefined || families(ip) === families(virtual));
    const dst = fitting.find((it) => sources.some((src) => families(src.ip) === families(it.ip)));
    const src = sources.find((it) => dst && families(it.ip) === families(dst.ip));
    if (!src || !dst) return [];
    const packet: Packet = { src, dst, port: number, protocol: attempt.protocol, disguises };
    return [
      packetVerdict(
        model,
        virtual === undefined ? packet : { ...packet, dialled: { ip: virtual, port: attempt.port } },
        true,
      ),
    ];
  });
  if (!verdicts.length) return 'unreachable';
  if (new Set(verdicts).size === 1) return verdicts[0] ?? 'mixed';
  return verdicts.includes('undecided') ? 'undecided' : 'mixed';
}

function packetVerdict(model: ClusterModel, packet: Packet, translated: boolean): ExpectedVerdict {
  const { src, dst, disguises = [] } = packet;
  const machine = (it: Host) => it.pod ?? it.hostPod ?? it.node ?? it.ip;
  const readings = [false, true].flatMap((dialled) => [false, true].map((names) => ({ dialled, names })));
  const plain = { dialled: false, names: false };
  const looks = [src, ...disguises.filter((ip) => families(ip) === families(src.ip)).map((ip) => ({ ip }))];
  const out = readings.map((reading) => directionAllows(model, packet, 'Egress', reading));
  const into = looks.map((it) => directionAllows(model, { ...packet, src: it }, 'Ingress', plain));
  const itself = machine(src) === machine(dst) && !translated;
  if (!itself && (!out.includes(true) || !into.includes(true))) return 'dropped';
  if (!itself && (out.includes(false) || into.includes(false))) return 'undecided';
  const listening = (dst.pod ?? dst.hostPod)?.serving;
  const there = listening?.some((it) => it.port === packet.port && it.protocol === packet.protocol) ?? true;
  return there ? 'open' : 'refused';
}

function hostsOf(model: ClusterModel, end: Attempt['from']): Host[] {
  if (end.kind === 'external') {
    const pod = model.pods.find((it) => !it.hostNetwork && it.ips.includes(end.ip));
    const node = model.nodes.find((it) => it.ips.includes(end.ip));
    if (pod)
      return [
        { ip: end.ip, node: pod.node, pod },
        ...hostsOf(model, { kind: 'pod', ...pod }).filter((it) => it.ip !== end.ip),
      ];
    return node
      ? [{ ip: end.ip, node: node.name }, ...hostsOf(model, { kind: 'node', name: node.name })]
      : [{ ip: end.ip }];
  }
  if (end.kind === 'node') {
    const node = model.nodes.find((it) => it.name === end.name);
    return (node?.ips ?? []).map((ip) => ({ ip, node: end.name }));
  }
  const pod = model.pods.find((it) => it.namespace === end.namespace && it.name === end.name);
  if (!pod) return [];
  return pod.ips.map((ip) => (pod.hostNetwork ? { ip, node: pod.node, hostPod: pod } : { ip, node: pod.node, pod }));
}
