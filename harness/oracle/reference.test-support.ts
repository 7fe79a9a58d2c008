import type { ClusterModel, ServiceModel } from './model-types.ts';
import { hostsOf, packetVerdict } from './reference-packets.test-support.ts';
import { viaService } from './reference-services.test-support.ts';
import { families, type Host, inCidr } from './reference-terms.test-support.ts';
import type { Attempt, ExpectedVerdict } from './types.ts';

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
  const published = to.kind === 'external' ? atExternalAddress(model, sources, attempt, to.ip) : undefined;
  if (published) return published;
  const targets = to.kind === 'external' ? hostsOf(model, to).slice(0, 1) : hostsOf(model, to as Attempt['from']);
  const atNode = targets[0]?.node !== undefined && !targets[0].pod ? targets[0].node : undefined;
  const bound = atNode === undefined ? undefined : atNodeOf(model, sources, attempt, atNode, targets);
  if (bound) return bound;
  const pair = targets.flatMap((dst) =>
    sources.filter((src) => families(src.ip) === families(dst.ip)).map((src) => ({ src, dst })),
  )[0];
  return pair ? packetVerdict(model, { ...pair, port, protocol }, false) : 'unreachable';
}

function atExternalAddress(
  model: ClusterModel,
  sources: Host[],
  attempt: Attempt,
  ip: string,
): ExpectedVerdict | undefined {
  const { port, protocol } = attempt;
  for (const service of model.services) {
    const balanced = service.loadBalancerIPs?.includes(ip) === true;
    if (!balanced && service.externalIPs?.includes(ip) !== true) continue;
    const offered = service.ports.find((one) => one.port === port && one.protocol === protocol);
    if (!offered && model.nodes.some((it) => it.ips.includes(ip))) continue;
    if (!offered) return 'dropped';
    const ranges = service.loadBalancerSourceRanges ?? [];
    if (balanced && ranges.length > 0 && !sources.some((it) => ranges.some((range) => inCidr(it.ip, range))))
      return 'dropped';
    const disguises = service.externalTrafficPolicy === 'Local' ? [] : model.nodes.flatMap(({ ips }) => ips);
    return viaService(model, sources, attempt, {
      service,
      offered,
      dialled: [ip],
      local: false,
      node: undefined,
      disguises,
    });
  }
  return undefined;
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
