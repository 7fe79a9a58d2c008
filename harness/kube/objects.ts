import type { NetworkPolicy } from './network-policy.ts';
import type { KubeObject } from './types.ts';

/** Labels of everything a run creates; `ordeal clean` goes by them. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'ordeal' } as const;
export const runLabel = 'ordeal.dev/run';
export const caseLabel = 'ordeal.dev/case';

type Labels = Readonly<Record<string, string>>;

/** The API server refuses longer label values. */
const longestLabel = 63;

/** Returns the labels that make an object ours, and this run's (and this case's, whose end is cut where it is long). */
export function ownedLabels(runId: string, caseId?: string): Record<string, string> {
  const owner = { ...managedBy, [runLabel]: runId };
  return caseId === undefined ? owner : { ...owner, [caseLabel]: caseId.slice(0, longestLabel).replace(/-+$/, '') };
}

/** Returns a Namespace. */
export function namespace(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels } } };
}

export interface Named {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly appProtocol?: string;
}

export interface ServiceSpec extends Named {
  readonly selector?: Labels;
  readonly ports: readonly ServicePort[];
  /** Further fields of `spec`: type, clusterIP, sessionAffinity, traffic policies. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Returns a Service; ports default to TCP. */
export function service(wanted: ServiceSpec): KubeObject {
  const ports = wanted.ports.map((port) => ({ protocol: 'TCP', ...port }));
  const selector = wanted.selector === undefined ? {} : { selector: { ...wanted.selector } };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(wanted),
    spec: { ...selector, ports, ...wanted.spec },
  };
}

/** `spec` of a NetworkPolicy as the API server takes it. */
export type NetworkPolicySpec = NetworkPolicy['spec'];

/** Returns a NetworkPolicy. */
export function networkPolicy(inside: string, name: string, spec: NetworkPolicySpec): KubeObject & NetworkPolicy {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: inside }, spec };
}

function metadataOf({ name, namespace: inside, labels, annotations }: Named): KubeObject['metadata'] {
  return {
    name,
    namespace: inside,
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  };
}
