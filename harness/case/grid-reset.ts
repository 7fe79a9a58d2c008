import { ownedLabels } from '../kube/objects.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { settle } from '../measure/settle.ts';
import type { Agent } from '../probe/types.ts';
import { consecutiveToSettle, type Timeouts } from '../timeouts.ts';
import type { GridDependencies } from './grid.ts';
import { gridProbe, type gridPorts, namespaceLabels, podLabels } from './grid-layout.ts';
import type { Grid, GridPod } from './types.ts';

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

/**
 * Waits until every pair is open by pod address. A pair that was seen closed is asked alone until it opens: whole tables
 * are for agreement and not for waiting. @throws OrdealError NOT_SETTLED naming one that is not open.
 */
export async function proveOpen(grid: Grid, timeouts: Timeouts): Promise<void> {
  const { settleMs: timeoutMs, settlePollMs: pollMs } = timeouts;
  let closed: Closed | undefined;
  const sample = async () => {
    closed = closed === undefined ? undefined : await firstClosed([closed], timeouts);
    closed ??= await firstClosed(rowsOf(grid), timeouts);
    return closed?.said;
  };
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

type Target = { readonly to: GridPod } & (typeof gridPorts)[number];

interface Row {
  readonly from: Agent;
  readonly targets: readonly Target[];
}

/** One pair that was not open, as the row that asks it again. */
interface Closed extends Row {
  readonly said: string;
}

function rowsOf(grid: Grid): Row[] {
  const targets = grid.pods.flatMap((to) => grid.ports.map((port) => ({ to, ...port })));
  return grid.pods.map(({ agent }) => ({ from: agent, targets }));
}

async function firstClosed(rows: readonly Row[], timeouts: Timeouts): Promise<Closed | undefined> {
  const closed = await Promise.all(rows.map((row) => firstClosedOf(row, timeouts)));
  return closed.find((one) => one !== undefined);
}

async function firstClosedOf({ from, targets }: Row, { policyConnectMs }: Timeouts): Promise<Closed | undefined> {
  const results = await from.probe(
    targets.map(({ to, port, protocol }) => gridProbe(to.agent.ip, port, protocol, policyConnectMs)),
  );
  const index = results.findIndex((result) => result.verdict !== 'open');
  const target = targets[index];
  if (target === undefined) return undefined;
  const said = `${from.namespace}/${from.name} -> ${target.to.key}:${target.port} ${results[index]?.verdict ?? 'unknown'}`;
  return { from, targets: [target], said };
}
