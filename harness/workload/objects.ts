import { isIPv6 } from 'node:net';
import type { KubeObject, ObjectRef } from '../kube/types.ts';

export interface PortSpec {
  readonly name: string;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly targetPort?: number | string;
}

export interface ServiceSpec {
  readonly name: string;
  readonly namespace: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly PortSpec[];
  /** Further fields of `spec`: type, sessionAffinity, traffic policies. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Returns a Service. Ports default to TCP. */
export function serviceObject({ name, namespace, selector, ports, more }: ServiceSpec): KubeObject {
  const spec = {
    ...(selector === undefined ? {} : { selector }),
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
    ...more,
  };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

/** Returns the reference of a Service. */
export function serviceRef(namespace: string, name: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'Service', namespace, name };
}

export interface SliceSpec {
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly addresses: readonly string[];
  /** Host name of each address, where it has one. */
  readonly hostnames?: readonly string[];
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol?: 'TCP' | 'UDP' }[];
}

/** Returns a hand-made EndpointSlice of ready endpoints; all `addresses` are of one family. */
export function sliceObject({ name, namespace, service, addresses, hostnames = [], ports }: SliceSpec): KubeObject {
  const labels = { 'kubernetes.io/service-name': service, 'endpointslice.kubernetes.io/managed-by': 'ordeal' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels },
    addressType: addresses.some((ip) => isIPv6(ip)) ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((ip, index) => ({
      addresses: [ip],
      conditions: { ready: true },
      ...(hostnames[index] === undefined ? {} : { hostname: hostnames[index] }),
    })),
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
  };
}
