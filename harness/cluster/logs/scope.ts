import { z } from 'zod';
import { foreignCnis } from '../../../clusters/foreign.ts';
import { cnis } from '../../../clusters/index.ts';
import type { CniName } from '../../../clusters/names.ts';
import { runLabel } from '../../kube/objects.ts';
import { may } from '../../kube/rights.ts';
import type { Kube, KubeObject, ListQuery, ObjectRef } from '../../kube/types.ts';
import { readIfAllowed } from '../read-if-allowed.ts';

/** `own`: namespaces of the run; `system`: also pods of CNI, proxy and DNS that these depend on. */
export const logScopes = ['none', 'own', 'system'] as const;
export type LogScope = (typeof logScopes)[number];

/** What is looked at for the logs of a run. */
export interface LogScene {
  readonly pods: readonly KubeObject[];
  readonly workloads: readonly KubeObject[];
  readonly nodes: readonly KubeObject[];
  readonly events: readonly KubeObject[];
}

/** To collect what explains a failure. */
export const logRights = [...may(['get'], 'pods/log'), ...may(['list'], 'events')];

const Placed = z.looseObject({ spec: z.looseObject({ nodeName: z.string().optional() }) });
const Selecting = z.looseObject({
  spec: z.looseObject({ selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).default({}) }) }),
});
const About = z.looseObject({
  involvedObject: z.looseObject({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
  }),
});

const system = 'kube-system';
const apps = 'apps/v1';

/** Returns all there is: for a cluster that Ordeal made, in which nothing is anybody else's. */
export async function wholeCluster(kube: Kube): Promise<LogScene> {
  const list = (apiVersion: string, kind: string) => kube.list({ apiVersion, kind });
  const kinds = ['DaemonSet', 'Deployment', 'StatefulSet'];
  const [pods, nodes, events, ...workloads] = await Promise.all([
    list('v1', 'Pod'),
    list('v1', 'Node'),
    list('v1', 'Event'),
    ...kinds.map((kind) => list(apps, kind)),
  ]);
  return { pods, nodes, events, workloads: workloads.flat() };
}

/**
 * Returns what concerns a run on a cluster that is somebody's, and lists nothing else: pods and events of the run's
 * namespaces and, with `system`, agents of the CNI and kube-proxy on the nodes of these pods, and the cluster's DNS,
 * wherever it runs.
 */
export async function ofRun(kube: Kube, runId: string, scope: LogScope, cni: CniName): Promise<LogScene> {
  const labelSelector = `${runLabel}=${runId}`;
  const namespaces = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector });
  const names = namespaces.map(({ metadata }) => metadata.name ?? '');
  const inside = async (kind: string) =>
    (await Promise.all(names.map((namespace) => kube.list({ apiVersion: 'v1', kind, namespace })))).flat();
  const [pods, events] = await Promise.all([inside('Pod'), inside('Event')]);
  if (scope !== 'system') return { pods, events, workloads: [], nodes: [] };
  return withSystem(kube, cni, { pods, events, workloads: [], nodes: [] });
}

async function withSystem(kube: Kube, cni: CniName, own: LogScene): Promise<LogScene> {
  const places = new Set(own.pods.flatMap((pod) => nodeOf(pod) ?? []));
  const agents = [...(await cniAgents(kube, cni)), ...(await found(kube, 'DaemonSet', 'kube-proxy'))];
  const dns = await found(kube, 'Deployment', 'coredns');
  const onNodes = (await podsOf(kube, agents)).filter((pod) => places.has(nodeOf(pod) ?? ''));
  const pods = [...onNodes, ...(await podsOf(kube, dns))];
  const nodes = (await readIfAllowed(kube.list({ apiVersion: 'v1', kind: 'Node' }))) ?? [];
  const concerned = new Set(pods.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`));
  const spaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? ''))];
  const events = await all(
    kube,
    spaces.map((namespace) => ({ apiVersion: 'v1', kind: 'Event', namespace })),
  );
  return {
    pods: [...own.pods, ...pods],
    workloads: [...agents, ...dns],
    nodes: nodes.filter(({ metadata }) => places.has(metadata.name ?? '')),
    events: [...own.events, ...events.filter((event) => concerned.has(subjectOf(event)))],
  };
}

/** Of a CNI that no cluster can be made with here, by the workload that gives it away. */
async function cniAgents(kube: Kube, cni: CniName): Promise<KubeObject[]> {
  const known = cnis.find(({ name }) => name === cni);
  if (known !== undefined) return got(kube, known.agent.workload);
  const sets = await all(kube, [{ apiVersion: apps, kind: 'DaemonSet', namespace: system }]);
  return sets.filter(({ metadata }) => foreignCnis.some((one) => one.recognise.workload.test(metadata.name ?? '')));
}

const found = (kube: Kube, kind: string, name: string) =>
  got(kube, { apiVersion: apps, kind, namespace: system, name });

async function got(kube: Kube, ref: ObjectRef): Promise<KubeObject[]> {
  const object = await readIfAllowed(kube.get(ref));
  return object === undefined ? [] : [object];
}

async function podsOf(kube: Kube, workloads: readonly KubeObject[]): Promise<KubeObject[]> {
  const queries = workloads.map((workload) => {
    const labels = Object.entries(Selecting.parse(workload).spec.selector.matchLabels);
    const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
    return { apiVersion: 'v1', kind: 'Pod', namespace: workload.metadata.namespace, labelSelector };
  });
  // One that selects nothing by labels alone would list everything.
  return all(
    kube,
    queries.filter(({ labelSelector }) => labelSelector !== ''),
  );
}

async function all(kube: Kube, queries: readonly ListQuery[]): Promise<KubeObject[]> {
  const lists = await Promise.all(queries.map((query) => readIfAllowed(kube.list(query))));
  return lists.flatMap((list) => list ?? []);
}

const nodeOf = (pod: KubeObject) => Placed.parse(pod).spec.nodeName;

function subjectOf(event: KubeObject): string {
  const { namespace = '', name = '' } = About.parse(event).involvedObject;
  return `${namespace}/${name}`;
}
