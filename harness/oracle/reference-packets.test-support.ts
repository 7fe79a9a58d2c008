import type { ClusterModel } from './model-types.ts';
import { directionAllows } from './reference-policies.test-support.ts';
import { families, type Host, type Packet } from './reference-terms.test-support.ts';
import type { Attempt, ExpectedVerdict } from './types.ts';

/** Returns what becomes of one packet, once its addresses are known. */
export function packetVerdict(model: ClusterModel, packet: Packet, translated: boolean): ExpectedVerdict {
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

/** Returns every address an end may have, with the pod or node behind it. */
export function hostsOf(model: ClusterModel, end: Attempt['from']): Host[] {
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
