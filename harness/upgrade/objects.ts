import { z } from 'zod';
import { networkPolicy, ownedLabels, service } from '../kube/objects.ts';
import type { KubeObject } from '../kube/types.ts';
import type { PodTemplate } from '../probe/agent-pod-spec.ts';
import type { AgentPort } from '../probe/types.ts';
import type { Workload } from './lane.ts';

export const echoPort = 8090;
export const httpPort = 8080;
/** What the policy on guarded pods lets plain pods reach, and what nobody. */
export const allowedPort = 8090;
export const forbiddenPort = 8091;

/** Says of a pod what it is for; the value is a Workload, or `web`. */
export const roleLabel = 'ordeal.dev/upgrade';

export const plainPorts: readonly AgentPort[] = [
  { port: httpPort, protocol: 'HTTP', name: 'http' },
  { port: echoPort, protocol: 'TCP', name: 'tcp' },
  { port: echoPort, protocol: 'UDP', name: 'udp' },
];
export const guardedPorts: readonly AgentPort[] = [
  { port: allowedPort, protocol: 'TCP', name: 'tcp' },
  { port: allowedPort, protocol: 'UDP', name: 'udp' },
  { port: forbiddenPort, protocol: 'TCP', name: 'tcp-shut' },
  { port: forbiddenPort, protocol: 'UDP', name: 'udp-shut' },
];

/** Where the objects of a session go, and whose they are. */
export interface Place {
  readonly namespace: string;
  readonly runId: string;
}

const selectorOf = (role: Workload | 'web') => ({ [roleLabel]: role });

/** Returns a DaemonSet of agents: a drain leaves it where it is, and a node that comes back gets its pod again. */
export function agentsEverywhere(place: Place, role: Workload, template: PodTemplate): KubeObject {
  const spec = { ...template.spec, tolerations: [{ operator: 'Exists' }], topologySpreadConstraints: undefined };
  return workload('DaemonSet', role, place, { template: { ...template, spec } });
}

/**
 * Returns what a careful team would run behind a Service: two pods apart, one of which a drain must leave, that go on
 * serving while their endpoint is taken out. What still fails then is the cluster's doing.
 */
export function carefulWeb(place: Place, template: PodTemplate): KubeObject[] {
  const labelSelector = { matchLabels: selectorOf('web') };
  const apart = { topologyKey: 'kubernetes.io/hostname', labelSelector };
  const affinity = {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }],
    },
  };
  const spec = { ...template.spec, affinity, topologySpreadConstraints: undefined };
  const strategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
  const { namespace, runId } = place;
  return [
    workload('Deployment', 'web', place, { replicas: 2, strategy, template: { ...template, spec } }),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace, labels: ownedLabels(runId) },
      spec: { minAvailable: 1, selector: labelSelector },
    },
  ];
}

function workload(kind: 'DaemonSet' | 'Deployment', role: Workload | 'web', place: Place, spec: object): KubeObject {
  const { namespace, runId } = place;
  const metadata = { name: role, namespace, labels: ownedLabels(runId) };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: selectorOf(role) }, ...spec } };
}

/** Returns the Services in front of the web pods, and the policy on guarded ones. */
export function servicesAndPolicy({ namespace, runId }: Place): KubeObject[] {
  const labels = ownedLabels(runId);
  const ports = [
    { name: 'tcp', port: echoPort },
    { name: 'udp', port: echoPort, protocol: 'UDP' as const },
    { name: 'http', port: httpPort },
  ];
  const selector = selectorOf('web');
  const fromPlain = [{ podSelector: { matchLabels: selectorOf('plain') } }];
  const open = (['TCP', 'UDP'] as const).map((protocol) => ({ protocol, port: allowedPort }));
  const policy = networkPolicy(namespace, 'guarded', {
    podSelector: { matchLabels: selectorOf('guarded') },
    policyTypes: ['Ingress'],
    ingress: [{ from: fromPlain, ports: open }],
  });
  return [
    service({ name: 'web', namespace, labels, selector, ports, spec: { type: 'NodePort' } }),
    service({ name: 'web-pods', namespace, labels, selector, ports, spec: { clusterIP: 'None' } }),
    { ...policy, metadata: { ...policy.metadata, labels } },
  ];
}

const Served = z.looseObject({
  spec: z.looseObject({
    clusterIP: z.string(),
    ports: z.array(z.looseObject({ name: z.string().optional(), nodePort: z.int().optional() })),
  }),
});

export interface ServiceAddress {
  readonly clusterIp: string;
  /** By the name of the port. */
  readonly nodePorts: Readonly<Record<string, number>>;
}

/** Returns the addresses that the API server gave a Service. */
export function addressOf(object: KubeObject): ServiceAddress {
  const { clusterIP, ports } = Served.parse(object).spec;
  const given = ports.flatMap(({ name = '', nodePort }) => (nodePort === undefined ? [] : [[name, nodePort] as const]));
  return { clusterIp: clusterIP, nodePorts: Object.fromEntries(given) };
}

/** @throws Error for a port that the Service does not have. */
export function nodePortOf({ nodePorts }: ServiceAddress, name: string): number {
  const port = nodePorts[name];
  if (port === undefined) throw new Error(`Service web has no node port ${name}`);
  return port;
}
