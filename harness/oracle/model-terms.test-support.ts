import { BlockList, isIPv4 } from 'node:net';
import type { LabelSelector, Labels, Protocol, World, WorldPod } from './types.ts';

export interface Host {
  ip: string;
  node?: string;
  pod?: WorldPod;
  hostPod?: WorldPod;
}
export interface Packet {
  src: Host;
  dst: Host;
  port: number;
  protocol: Protocol;
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

export function labelsOfNamespace(world: World, name: string): Labels {
  const labels = world.namespaces.find((it) => it.name === name)?.labels ?? {};
  return { 'kubernetes.io/metadata.name': name, ...labels };
}

export function portsNamed(host: Host, name: string, protocol: Protocol): string[] {
  const fitting = host.pod?.containerPorts.filter((it) => it.name === name && it.protocol === protocol) ?? [];
  return fitting.map((it) => `${protocol} ${it.port}`);
}
