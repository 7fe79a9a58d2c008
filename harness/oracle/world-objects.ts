import type { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import type { LocatedObject } from './manifest-files.ts';
import { AnyObject, knownKinds, KnownObject, workloadKinds } from './object-schema.ts';
import type { PodObject, ServiceObject, SliceObject } from './object-schema.ts';
import type { World, WorldEndpoint, WorldPod, WorldService } from './types.ts';

const namespacedKinds = new Set(['NetworkPolicy', 'Pod', 'Service', 'EndpointSlice']);
const kinds = new Set<string>([...knownKinds.map(({ kind }) => kind), ...workloadKinds]);

/**
 * Returns the world these objects describe; kinds that do not matter to the network are left out, workloads stand for
 * one pod of their name. What has no address (files) gets one of 240.0.0.0/4, which no private block contains. Throws
 * USAGE with the place (file and line, or object) of every fault of the first faulty object.
 */
export function worldFromObjects(objects: readonly LocatedObject[]): World {
  const known = objects.flatMap((object) => readObject(object) ?? []);
  const of = <K extends KnownObject['kind']>(kind: K) =>
    known.filter((it): it is Extract<KnownObject, { kind: K }> => it.kind === kind);
  const workloads = known.filter(isWorkload).map(podOfWorkload);
  const slices = of('EndpointSlice');
  return {
    namespaces: of('Namespace').map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels })),
    pods: [...of('Pod').filter(isRunning), ...workloads].map(worldPod),
    nodes: of('Node').map(({ metadata: { name, labels }, status }, at) => {
      const known = status.addresses.filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP');
      const ips = known.map(({ address }) => address);
      return { name, labels, ips: ips.length > 0 ? ips : [assumedAddress(0xfe0000 + at)] };
    }),
    services: of('Service').map((service, at) => worldService(service, slices, at)),
    networkPolicies: of('NetworkPolicy'),
    adminNetworkPolicies: of('AdminNetworkPolicy'),
    baselineAdminNetworkPolicies: of('BaselineAdminNetworkPolicy'),
    clusterNetworkPolicies: of('ClusterNetworkPolicy'),
  };
}

function readObject(object: LocatedObject): KnownObject | undefined {
  const plain = withoutNulls(object.value);
  const any = AnyObject.safeParse(plain);
  if (!any.success) throw faulty(object, 'not a Kubernetes object', any.error);
  const { kind, metadata } = any.data;
  if (!kinds.has(kind)) return undefined;
  const placed = namespacedKinds.has(kind) ? { ...metadata, namespace: metadata.namespace ?? 'default' } : metadata;
  const parsed = KnownObject.safeParse({ ...any.data, metadata: placed });
  if (parsed.success) return parsed.data;
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  throw faulty(object, `${kind} ${name}`, parsed.error);
}

function faulty(object: LocatedObject, what: string, error: z.ZodError): OrdealError {
  const faults = error.issues.slice(0, 5).map(({ path, message }) => {
    return `${object.locate(path)}: ${what}: ${path.length === 0 ? '' : `${path.map(String).join('.')}: `}${message}`;
  });
  return new OrdealError('USAGE', faults.join('; '));
}

/** The API treats null as absent, except as a value of labels, where it would hide a typing error. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, it]) => it !== null);
  return Object.fromEntries(kept.map(([key, it]) => [key, /labels$/i.test(key) ? (it as unknown) : withoutNulls(it)]));
}

function isRunning({ status }: PodObject): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

type Template = Pick<PodObject, 'metadata' | 'spec' | 'status'>;
type Workload = Extract<KnownObject, { kind: (typeof workloadKinds)[number] }>;

function isWorkload(object: KnownObject): object is Workload {
  return workloadKinds.some((kind) => kind === object.kind);
}

function podOfWorkload(workload: Workload): Template {
  const { name, namespace } = workload.metadata;
  const { metadata, spec } = workload.spec.template;
  return { metadata: { name, namespace, labels: metadata.labels }, spec, status: { podIPs: [] } };
}

function worldPod({ metadata, spec, status }: Template, at: number): WorldPod {
  const { nodeName: node, hostNetwork, hostname, subdomain } = spec;
  const containers = [...spec.containers, ...spec.initContainers.filter((it) => it.restartPolicy === 'Always')];
  const containerPorts = containers.flatMap((container) => container.ports);
  const ips = status.podIPs.length > 0 ? status.podIPs.map(({ ip }) => ip) : [assumedAddress(at)];
  const ours = metadata.labels['app.kubernetes.io/managed-by'] === 'ordeal' && containerPorts.length > 0;
  const serving = ours ? { serving: containerPorts } : {};
  return { ...metadata, ips, node, hostNetwork, hostname, subdomain, containerPorts, ...serving };
}

function assumedAddress(at: number): string {
  return `240.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
}

function worldService({ metadata, spec }: ServiceObject, slices: readonly SliceObject[], at: number): WorldService {
  const { namespace, name } = metadata;
  const { clusterIP, clusterIPs = clusterIP === undefined ? undefined : [clusterIP], ...rest } = spec;
  const headless = clusterIPs?.[0] === 'None' || spec.externalName !== undefined;
  const own = slices.filter((it) => it.metadata.namespace === namespace && serviceName(it) === name);
  const endpoints = own.length > 0 ? { endpoints: endpointsOfSlices(own) } : {};
  const assumed = [assumedAddress(0xff0000 + at)];
  return { namespace, name, clusterIPs: headless ? [] : (clusterIPs ?? assumed), ...rest, ...endpoints };
}

const serviceName = ({ metadata }: SliceObject) => metadata.labels['kubernetes.io/service-name'];

/** A dual-stack Service has a slice per family with the same pods: each pod counts once. */
function endpointsOfSlices(slices: readonly SliceObject[]): WorldEndpoint[] {
  const all = slices
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ conditions, targetRef }) => {
      if (targetRef?.kind !== 'Pod' || targetRef.name === undefined) return [];
      const { ready = true, serving, terminating } = conditions;
      return [{ pod: targetRef.name, ready, serving, terminating }];
    });
  return [...new Map(all.map((it) => [it.pod, it])).values()];
}
