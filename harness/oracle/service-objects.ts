import { isIP } from 'node:net';
import { assumedAddresses } from './assumed-addresses.ts';
import type { EndpointsObject, ServiceObject, SliceObject } from './service-schema.ts';
import type { EndpointModel, EndpointPort, ServiceModel } from './model-types.ts';

/** Returns a Service with its endpoints: those of its EndpointSlices, else of its Endpoints, else what it selects. */
export function modelledService(
  { metadata: { namespace, name }, spec, status }: ServiceObject,
  slices: readonly SliceObject[],
  legacy: readonly EndpointsObject[],
  at: number,
): ServiceModel {
  const published = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const { selector, externalIPs, publishNotReadyAddresses, internalTrafficPolicy, loadBalancerSourceRanges } = spec;
  const vips = status.loadBalancer.ingress.filter(({ ipMode = 'VIP' }) => ipMode === 'VIP');
  const own = slices.filter((it) => it.metadata.namespace === namespace && serviceName(it) === name);
  const named = legacy.filter((it) => it.metadata.namespace === namespace && it.metadata.name === name);
  const stated = own.length > 0 ? endpointsOfSlices(own) : named.length > 0 ? named.flatMap(endpointsOf) : undefined;
  return {
    ...{ namespace, name, selector, externalIPs, publishNotReadyAddresses, internalTrafficPolicy },
    clusterIPs: clusterIPs(spec, at),
    ports: spec.ports.map((port) => (published ? port : { ...port, nodePort: undefined })),
    loadBalancerSourceRanges,
    loadBalancerIPs: vips.flatMap(({ ip }) => ip ?? []),
    ...(published && { externalTrafficPolicy: spec.externalTrafficPolicy }),
    ...(spec.type === 'ExternalName' && { externalName: spec.externalName }),
    ...(stated && { endpoints: stated }),
  };
}

function clusterIPs({ type, clusterIP, clusterIPs: all, ipFamilies }: ServiceObject['spec'], at: number): string[] {
  const given = all.length > 0 ? all : clusterIP === undefined ? [] : [clusterIP];
  if (type === 'ExternalName' || given.includes('None')) return [];
  if (given.length > 0) return given;
  const assumed = assumedAddresses('service', at);
  const wanted = assumed.filter((ip) => ipFamilies?.includes(ip.includes(':') ? 'IPv6' : 'IPv4') ?? true);
  return wanted.length > 0 ? wanted : assumed;
}

const serviceName = ({ metadata }: SliceObject) => metadata.labels['kubernetes.io/service-name'];

interface RawPort {
  readonly name: string;
  readonly port?: number | undefined;
  readonly protocol: EndpointPort['protocol'];
}

const numbered = (ports: readonly RawPort[]): EndpointPort[] =>
  ports.flatMap(({ port, ...rest }) => (port === undefined ? [] : [{ ...rest, port }]));

/** A dual-stack Service has a slice per family with the same pods: each counts once, with all its addresses. */
function endpointsOfSlices(slices: readonly SliceObject[]): EndpointModel[] {
  const all = slices.filter(({ addressType }) => addressType !== 'FQDN').flatMap(endpointsOfSlice);
  const merged = new Map<string, EndpointModel>();
  for (const one of all) {
    const key =
      one.pod === undefined ? `address ${one.ips?.join() ?? ''}` : `pod ${one.pod} ${JSON.stringify(one.ports)}`;
    const before = merged.get(key);
    merged.set(key, { ...one, ips: [...new Set([...(before?.ips ?? []), ...(one.ips ?? [])])] });
  }
  return [...merged.values()].map(({ ips, ...rest }) => (ips?.length === 0 ? rest : { ...rest, ips }));
}

function endpointsOfSlice({ endpoints, ports }: SliceObject): EndpointModel[] {
  return endpoints.flatMap(({ addresses, conditions, hostname, nodeName, targetRef }) => {
    const pod = podName(targetRef);
    const ips = addresses.filter((ip) => isIP(ip) !== 0);
    if (pod === undefined && ips.length === 0) return [];
    const { ready = true, serving, terminating } = conditions;
    return [{ pod, ips, hostname, node: nodeName, ready, serving, terminating, ports: numbered(ports) }];
  });
}

/** Endpoints v1, from before EndpointSlices: the API server mirrors those that were written by hand. */
function endpointsOf({ subsets }: EndpointsObject): EndpointModel[] {
  return subsets.flatMap(({ addresses, notReadyAddresses, ports }) => {
    const all = [
      ...addresses.map((it) => ({ ...it, ready: true })),
      ...notReadyAddresses.map((it) => ({ ...it, ready: false })),
    ];
    return all.map(({ ip, hostname, nodeName, targetRef, ready }) => ({
      ...{ pod: podName(targetRef), ips: [ip], hostname, node: nodeName, ready, ports: numbered(ports) },
    }));
  });
}

const podName = (ref: { kind?: string | undefined; name?: string | undefined } | undefined) =>
  ref?.kind === 'Pod' ? ref.name : undefined;
