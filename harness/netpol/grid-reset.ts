import { describeRef } from '../kube/errors.ts';
import type { ChangeSet } from '../kube/change-set.ts';
import type { Kube, ObjectRef } from '../kube/types.ts';
import { settle } from '../base/settle.ts';
import type { Agent } from '../probe/agent-types.ts';
import { consecutiveToSettle, type Timeouts } from '../base/timeouts.ts';
import { gridProbe, type gridPorts, labelsAsMade } from './grid-layout.ts';
import type { Grid, GridPod, Labels } from './grid-types.ts';

const policyKind = 'NetworkPolicy';

/** What a holder left: its policies, and the labels of namespaces (`x`) and pods (`x/a`) as they are now. */
export interface Leftovers {
  readonly policies: readonly ObjectRef[];
  readonly labels: ReadonlyMap<string, Labels>;
}

/** Returns what is there after a holder that made these changes: of what it did not touch nobody asks. */
export async function leftoversAfter(
  before: Leftovers,
  changes: ChangeSet,
  grid: Grid,
  kube: Kube,
): Promise<Leftovers> {
  const ofGrid = new Set(grid.namespaces.values());
  const policies = changes.standing.filter((ref) => ref.kind === policyKind && ofGrid.has(ref.namespace ?? ''));
  const patched = new Set(changes.patched.map(describeRef));
  const altered = objectsOf(grid).filter(({ ref }) => patched.has(describeRef(ref)));
  const labels = altered.map(async ({ key, ref }) => [key, (await kube.get(ref))?.metadata.labels ?? {}] as const);
  return {
    policies: [...before.policies, ...policies],
    labels: new Map([...before.labels, ...(await Promise.all(labels))]),
  };
}

/** Reads it off the cluster. */
export async function readLeftovers(grid: Grid, kube: Kube): Promise<Leftovers> {
  const left = await Promise.all([...grid.namespaces].map(([key, name]) => leftoversIn(key, name, grid, kube)));
  return {
    policies: left.flatMap(({ policies }) => policies),
    labels: new Map(left.flatMap(({ labels }) => labels)),
  };
}

/** A patch for each namespace and pod whose labels are no longer those it was made with. */
export function towardsMade(grid: Grid): (readonly [ObjectRef, object])[] {
  return objectsOf(grid).flatMap(({ key, ref }) => {
    const labels = difference(theirs(grid.labels(key)), theirs(labelsAsMade(key)));
    return Object.keys(labels).length === 0 ? [] : [[ref, { metadata: { labels } }] as const];
  });
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

/** The namespaces (`x`) and pods (`x/a`) of a grid. */
function objectsOf(grid: Grid): { readonly key: string; readonly ref: ObjectRef }[] {
  const core = { apiVersion: 'v1' };
  const namespaces = [...grid.namespaces].map(([key, name]) => ({ key, ref: { ...core, kind: 'Namespace', name } }));
  const pods = grid.pods.map(({ key, agent: { namespace, name } }) => {
    return { key, ref: { ...core, kind: 'Pod', namespace, name } };
  });
  return [...namespaces, ...pods];
}

async function leftoversIn(key: string, namespace: string, grid: Grid, kube: Kube) {
  const kind = { apiVersion: 'networking.k8s.io/v1', kind: policyKind, namespace };
  const [policies, stored, own] = await Promise.all([
    kube.list(kind),
    kube.list({ apiVersion: 'v1', kind: 'Pod', namespace }),
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
  ]);
  const pods = grid.pods.filter((one) => one.namespaceKey === key);
  const labelled = pods.map(
    (one) => [one.key, stored.find(({ metadata }) => metadata.name === one.agent.name)] as const,
  );
  return {
    policies: policies.map(({ metadata }) => ({ ...kind, name: metadata.name ?? '' })),
    labels: [[key, own] as const, ...labelled].map(([of, object]) => [of, object?.metadata.labels ?? {}] as const),
  };
}

/** Labels a case may change: not those the cluster or Ordeal goes by. */
function theirs(labels: Labels): Labels {
  const kept = ['ordeal.dev/', 'app.kubernetes.io/', 'kubernetes.io/metadata.name'];
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !kept.some((one) => label.startsWith(one))));
}

/** What has to be set, and with `null` removed, for `now` to be `wanted`. */
function difference(now: Labels, wanted: Labels): Record<string, string | null> {
  const strays = Object.keys(now).filter((label) => !(label in wanted));
  const changed = Object.entries(wanted).filter(([label, value]) => now[label] !== value);
  return { ...Object.fromEntries(changed), ...Object.fromEntries(strays.map((label) => [label, null])) };
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
