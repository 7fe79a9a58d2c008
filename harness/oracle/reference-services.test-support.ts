import type { ClusterModel, ServiceModel, ServicePort } from './model-types.ts';
import type { Protocol } from '../kube/network-policy.ts';
import { hostsOf, packetVerdict } from './reference-packets.test-support.ts';
import { families, selected, type Host, type Packet } from './reference-terms.test-support.ts';
import type { Attempt, ExpectedVerdict } from './types.ts';

/** A way into a Service, from the client's side. */
export interface Entry {
  service: ServiceModel;
  offered: ServicePort | undefined;
  /** Addresses the client may dial. */
  dialled: string[];
  local: boolean;
  node: string | undefined;
  disguises: string[];
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

/** Returns the verdict over all endpoints that may be picked. */
export function viaService(model: ClusterModel, sources: Host[], attempt: Attempt, entry: Entry): ExpectedVerdict {
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
