import { ownedLabels } from '../kube/objects.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { settle } from '../measure/settle.ts';
import type { Agent, AgentPort, Probe } from '../probe/types.ts';
import { consecutiveToSettle, type Timeouts } from '../timeouts.ts';
import type { FleetDriver } from './fleet-driver.ts';
import type { ReusableGrid } from './grid-pool.ts';
import type { Namespaces } from './namespaces.ts';
import type { Grid, GridPod } from './types.ts';

/** The world every NetworkPolicy tool reasons about: 3 namespaces x 3 pods (Cyclonus, upstream Netpol). */
export const gridNamespaces = ['x', 'y', 'z'] as const;
export const gridPods = ['a', 'b', 'c'] as const;
const numbers = [80, 81];
const protocols = ['TCP', 'UDP'] as const;
export const gridPorts: readonly AgentPort[] = numbers.flatMap((port) =>
  protocols.map((protocol) => ({ port, protocol, name: `serve-${port}-${protocol.toLowerCase()}` })),
);

export interface GridDependencies {
  readonly kube: Kube;
  readonly driver: FleetDriver;
  readonly namespaces: Namespaces;
  readonly runId: string;
  readonly timeouts: Timeouts;
}

/** Builds one grid: namespaces, nine pods, a Service each; returns it once every pod answers. */
export async function buildGrid(deps: GridDependencies): Promise<ReusableGrid> {
  const names = new Map<string, string>();
  for (const key of gridNamespaces) {
    names.set(key, await deps.namespaces.create(`grid-${key}`, undefined, namespaceLabels(key)));
  }
  const specs = cells(names).map(({ namespace, ns, pod }) => ({
    name: pod,
    namespace,
    labels: { pod, 'ordeal.dev/grid-pod': `${ns}-${pod}` },
    ports: gridPorts,
  }));
  const [agents, services] = await Promise.all([deps.driver.start(specs), createServices(deps, names)]);
  const pods = cells(names).map(({ ns, pod }, index): GridPod => {
    const agent = agents[index];
    const service = services[index];
    if (agent === undefined || service === undefined) throw new Error(`grid pod ${ns}/${pod} did not start`);
    return { key: `${ns}/${pod}`, namespaceKey: ns, podKey: pod, agent, ...service };
  });
  const grid: Grid = { namespaces: names, pods, ports: gridPorts };
  return { grid, reset: () => resetGrid(grid, deps) };
}

function namespaceLabels(key: string): Record<string, string> {
  return { ns: key, 'pod-security.kubernetes.io/enforce': 'restricted' };
}

function cells(names: ReadonlyMap<string, string>): { ns: string; pod: string; namespace: string }[] {
  return [...names].flatMap(([ns, namespace]) => gridPods.map((pod) => ({ ns, pod, namespace })));
}

async function createServices(deps: GridDependencies, names: ReadonlyMap<string, string>) {
  return Promise.all(
    cells(names).map(async ({ ns, pod, namespace }) => {
      const stored = await deps.kube.apply(serviceOf(deps.runId, ns, pod, namespace));
      const spec = stored['spec'] as { clusterIP?: string } | undefined;
      return { serviceName: `s-${pod}.${namespace}`, serviceIp: spec?.clusterIP ?? '' };
    }),
  );
}

function serviceOf(runId: string, ns: string, pod: string, namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s-${pod}`, namespace, labels: ownedLabels(runId) },
    spec: {
      selector: { 'ordeal.dev/grid-pod': `${ns}-${pod}` },
      ports: gridPorts.map(({ port, protocol, name }) => ({ port, protocol, name })),
    },
  };
}

/** Removes policies, restores labels, and proves that every pair is open again. */
async function resetGrid(grid: Grid, deps: GridDependencies): Promise<void> {
  await Promise.all([...grid.namespaces].map(([key, name]) => resetNamespace(key, name, grid, deps)));
  const { settleMs: timeoutMs, settlePollMs: pollMs } = deps.timeouts;
  const sample = () => firstClosed(grid, deps.timeouts);
  await settle({ what: 'grid all open again', sample, consecutive: consecutiveToSettle, timeoutMs, pollMs });
}

async function resetNamespace(key: string, name: string, grid: Grid, { kube, runId }: GridDependencies): Promise<void> {
  const policies = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
  for (const policy of await kube.list({ ...policies, namespace: name })) {
    await kube.remove({ ...policies, name: policy.metadata.name ?? '', namespace: name }, { awaitGone: true });
  }
  const wanted = { ...ownedLabels(runId), ...namespaceLabels(key), 'kubernetes.io/metadata.name': name };
  await restoreLabels(kube, { apiVersion: 'v1', kind: 'Namespace', name }, wanted);
  for (const { agent, podKey, namespaceKey } of grid.pods.filter((one) => one.namespaceKey === key)) {
    const labels = { pod: podKey, 'ordeal.dev/grid-pod': `${namespaceKey}-${podKey}` };
    await restoreLabels(kube, { apiVersion: 'v1', kind: 'Pod', name: agent.name, namespace: name }, labels);
  }
}

/** Removes labels a case added and sets those it changed; labels under other prefixes of ours stay. */
async function restoreLabels(
  kube: Kube,
  ref: Parameters<Kube['get']>[0],
  wanted: Record<string, string>,
): Promise<void> {
  const now = (await kube.get(ref))?.metadata.labels ?? {};
  const ours = (label: string) => label.startsWith('ordeal.dev/') || label.startsWith('app.kubernetes.io/');
  const strays = Object.keys(now).filter((label) => !(label in wanted) && !ours(label));
  const changed = Object.entries(wanted).filter(([label, value]) => now[label] !== value);
  if (strays.length + changed.length === 0) return;
  const labels = { ...Object.fromEntries(changed), ...Object.fromEntries(strays.map((label) => [label, null])) };
  await kube.patch(ref, { metadata: { labels } });
}

async function firstClosed(grid: Grid, timeouts: Timeouts): Promise<string | undefined> {
  const rows = await Promise.all(grid.pods.map((from) => probeRow(from.agent, grid, timeouts)));
  return rows.find((row) => row !== undefined);
}

async function probeRow(from: Agent, grid: Grid, timeouts: Timeouts): Promise<string | undefined> {
  const targets = grid.pods.flatMap((to) => grid.ports.map((port) => ({ to, port })));
  const probes = targets.map(({ to, port }): Probe => {
    const reach = { host: to.agent.ip, port: port.port, timeoutMs: timeouts.policyConnectMs };
    return port.protocol === 'UDP' ? { kind: 'udp', ...reach } : { kind: 'tcp', connectOnly: true, ...reach };
  });
  const results = await from.probe(probes);
  const closed = results.findIndex((result) => result.verdict !== 'open');
  const target = targets[closed];
  if (target === undefined) return undefined;
  return `${from.namespace}/${from.name} -> ${target.to.key}:${target.port.port} ${results[closed]?.verdict ?? 'unknown'}`;
}
