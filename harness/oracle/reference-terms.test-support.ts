import type { LabelSelector, Protocol } from '../kube/network-policy.ts';
import { BlockList, isIPv4 } from 'node:net';
import type { ClusterModel, Labels, PodModel } from './model-types.ts';

export interface Host {
  ip: string;
  node?: string;
  pod?: PodModel;
  hostPod?: PodModel;
}
export interface Packet {
  src: Host;
  dst: Host;
  port: number;
  protocol: Protocol;
  /** What the client dialled, where that was translated. */
  dialled?: { ip: string; port: number };
  /** Addresses a node may have put in place of the client's. */
  disguises?: string[];
}
/** One way to read what the specification leaves open. */
export interface ReferenceReading {
  dialled: boolean;
  names: boolean;
}
/** The other end's address and the port, as rules by address see them. */
export function seenByAddress(packet: Packet, direction: 'Ingress' | 'Egress', reading: ReferenceReading) {
  if (direction === 'Ingress') return { ip: packet.src.ip, port: packet.port };
  return reading.dialled && packet.dialled ? packet.dialled : { ip: packet.dst.ip, port: packet.port };
}

export const families = (ip: string) => (isIPv4(ip) ? 'ipv4' : 'ipv6');

export function inCidr(ip: string, cidr: string): boolean {
  const [net = '', length = ''] = cidr.split('/');
  if (families(net) !== families(ip)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(length), families(net));
  return list.check(ip, families(ip));
}

export function selected(labels: Labels, selector: LabelSelector | undefined): boolean {
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

export function labelsOfNamespace(model: ClusterModel, name: string): Labels {
  const labels = model.namespaces.find((it) => it.name === name)?.labels ?? {};
  return { ...labels, 'kubernetes.io/metadata.name': name };
}

export function portsNamed(host: Host, name: string, protocol: Protocol): string[] {
  const fitting = host.pod?.containerPorts.filter((it) => it.name === name && it.protocol === protocol) ?? [];
  return fitting.map((it) => `${protocol} ${it.port}`);
}
