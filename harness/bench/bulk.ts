import { z } from 'zod';
import { pause } from '../../clusters/components/pause.ts';
import { mapLimited } from '../base/limit.ts';
import { networkPolicy, service } from '../kube/objects.ts';
import type { KubeObject } from '../kube/types.ts';
import { type Bed } from './bed.ts';
import { podPorts, serverLabel } from './paths.ts';

/** Requests in flight to one API server at once; more only queue there. */
const requestsAtOnce = 16;

/** Objects that are made and taken away by the hundred, all of one kind and numbered. */
export type BulkKind = 'Service' | 'NetworkPolicy' | 'Pod';

/** Returns the objects with these numbers, the first included, the last not. */
export function bulkObjects(bed: Bed, kind: BulkKind, from: number, to: number): KubeObject[] {
  const numbers = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  return numbers.flatMap((number) => makers[kind](bed, number));
}

const makers: Readonly<Record<BulkKind, (bed: Bed, number: number) => KubeObject[]>> = {
  Service: (bed, number) => servedByHand(bed, `bulk-${number}`, [bed.server.ip]),
  NetworkPolicy: (bed, number) => [openPolicy(bed, number)],
  Pod: (bed, number) => bed.nodes.map((node, index) => idlePod(bed, `bulk-${number}-${index}`, node)),
};

/** Makes them, many at a time. @throws OrdealError KUBE_API. */
export async function createAll({ cluster: { kube } }: Bed, objects: readonly KubeObject[]): Promise<void> {
  await mapLimited(objects, requestsAtOnce, (object) => kube.create(object));
}

/** Takes them away, many at a time; what is not there is fine. @throws OrdealError KUBE_API. */
export async function removeAll({ cluster: { kube } }: Bed, objects: readonly KubeObject[]): Promise<void> {
  await mapLimited(objects, requestsAtOnce, ({ apiVersion, kind, metadata: { name = '', namespace = '' } }) =>
    kube.remove({ apiVersion, kind, name, namespace }),
  );
}

/** Returns a Service and the slice of its endpoints: no controller takes part in either. */
export function servedByHand(bed: Bed, name: string, addresses: readonly string[]): [KubeObject, KubeObject] {
  const { namespace } = bed;
  return [service({ name, namespace, ports: [{ name: 'tcp', port: podPorts.tcp }] }), sliceOf(bed, name, addresses)];
}

/** Returns the endpoints of a Service, which lead to the agent's TCP port. */
export function sliceOf({ namespace, server }: Bed, name: string, addresses: readonly string[]): KubeObject {
  const labels = { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'ordeal' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels },
    addressType: server.ip.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: [{ name: 'tcp', port: podPorts.tcp, protocol: 'TCP' }],
  };
}

/** Waits until all pods among the objects have an address. @throws OrdealError API_WAIT. */
export async function untilRunning({ cluster: { kube } }: Bed, objects: readonly KubeObject[], timeoutMs: number) {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  await mapLimited(pods, requestsAtOnce, ({ metadata: { name = '', namespace = '' } }) =>
    kube.until({ apiVersion: 'v1', kind: 'Pod', name, namespace }, 'runs', timeoutMs, isRunning),
  );
}

const isRunning = (pod: KubeObject | undefined): boolean =>
  z.looseObject({ status: z.looseObject({ phase: z.literal('Running') }) }).safeParse(pod).success;

/** In every node of kind, and does nothing: it costs the network an interface and an address. */
function idlePod({ namespace }: Bed, name: string, node: string): KubeObject {
  const [image = ''] = Object.keys(pause.images ?? {});
  const containers = [{ name: 'idle', image, imagePullPolicy: 'IfNotPresent' }];
  const rest = { automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 0 };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { nodeName: node, containers, ...rest },
  };
}

const firstFreePort = 20_000;

/** A policy that takes nothing away: all of them together still let every connection through that the bed makes. */
function openPolicy({ namespace }: Bed, number: number): KubeObject {
  return networkPolicy(namespace, `bulk-${number}`, {
    podSelector: { matchLabels: serverLabel },
    policyTypes: ['Ingress'],
    ingress: [
      { ports: [{ protocol: 'TCP', port: firstFreePort + number }] },
      { from: [{ podSelector: {} }, { ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }] },
    ],
  });
}
