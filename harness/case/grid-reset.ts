import { ownedLabels } from '../kube/objects.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { settle } from '../measure/settle.ts';
import type { Agent } from '../probe/types.ts';
import { consecutiveToSettle, type Timeouts } from '../timeouts.ts';
import type { GridDependencies } from './grid.ts';
import { gridProbe, namespaceLabels, podLabels } from './grid-layout.ts';
import type { Grid } from './types.ts';

type Host = Pick<GridDependencies, 'kube' | 'runId'>;

/** What a holder left: its policies, and whether labels had to be put back, which may take effect later. */
export interface Left {
  readonly policies: readonly ObjectRef[];
  readonly relabelled: boolean;
}

/** Restores labels and returns what there was. */
export async function tidyGrid(grid: Grid, host: Host): Promise<Left> {
  const left = await Promise.all([...grid.namespaces].map(([key, name]) => tidyNamespace(key, name, grid, host)));
  const relabelled = left.some((one) => one.relabelled);
  return { policies: left.flatMap((one) => one.policies), relabelled };
}

/** Waits until every pair is open by pod address. @throws OrdealError NOT_SETTLED naming one that is not. */
export async function proveOpen(grid: Grid, timeouts: Timeouts): Promise<void> {
  const { settleMs: timeoutMs, settlePollMs: pollMs } = timeouts;
  const sample = () => firstClosed(grid, timeouts);
  await settle({ what: 'grid all open again', sample, consecutive: consecutiveToSettle, timeoutMs, pollMs });
}

async function tidyNamespace(key: string, name: string, grid: Grid, { kube, runId }: Host): Promise<Left> {
  const policies = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: name };
  const core = { apiVersion: 'v1', namespace: name };
  const namespace: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name };
  const [stored, pods, own] = await Promise.all([
    kube.list(policies),
    kube.list({ ...core, kind: 'Pod' }),
    kube.get(namespace),
  ]);
  const wanted = { ...ownedLabels(runId), ...namespaceLabels(key), 'kubernetes.io/metadata.name': name };
  const ofGrid = grid.pods.filter((one) => one.namespaceKey === key);
  const restored = await Promise.all([
    restoreLabels(kube, namespace, own, wanted),
    ...ofGrid.map(({ agent, podKey }) => {
      const pod = pods.find((one) => one.metadata.name === agent.name);
      return restoreLabels(kube, { ...core, kind: 'Pod', name: agent.name }, pod, podLabels(key, podKey));
    }),
  ]);
  const refs = stored.map((policy) => ({ ...policies, name: policy.metadata.name ?? '' }));
  return { policies: refs, relabelled: restored.includes(true) };
}

/** Removes labels a case added and sets those it changed; labels under other prefixes of ours stay. True: there were any. */
async function restoreLabels(
  kube: Kube,
  ref: ObjectRef,
  object: KubeObject | undefined,
  wanted: Record<string, string>,
): Promise<boolean> {
  const now = object?.metadata.labels ?? {};
  const ours = (label: string) => label.startsWith('ordeal.dev/') || label.startsWith('app.kubernetes.io/');
  const strays = Object.keys(now).filter((label) => !(label in wanted) && !ours(label));
  const changed = Object.entries(wanted).filter(([label, value]) => now[label] !== value);
  if (strays.length + changed.length === 0) return false;
  const labels = { ...Object.fromEntries(changed), ...Object.fromEntries(strays.map((label) => [label, null])) };
  await kube.patch(ref, { metadata: { labels } });
  return true;
}

async function firstClosed(grid: Grid, timeouts: Timeouts): Promise<string | undefined> {
  const rows = await Promise.all(grid.pods.map((from) => probeRow(from.agent, grid, timeouts)));
  return rows.find((row) => row !== undefined);
}

async function probeRow(from: Agent, grid: Grid, timeouts: Timeouts): Promise<string | undefined> {
  const targets = grid.pods.flatMap((to) => grid.ports.map((port) => ({ to, port })));
  const probes = targets.map(({ to, port }) =>
    gridProbe(to.agent.ip, port.port, port.protocol, timeouts.policyConnectMs),
  );
  const results = await from.probe(probes);
  const closed = results.findIndex((result) => result.verdict !== 'open');
  const target = targets[closed];
  if (target === undefined) return undefined;
  return `${from.namespace}/${from.name} -> ${target.to.key}:${target.port.port} ${results[closed]?.verdict ?? 'unknown'}`;
}
