import { KubeError } from '../kube/errors.ts';
import { servedKinds } from '../kube/discovery.ts';
import { changedBy, foreignChanges } from '../kube/former-state.ts';
import { caseLabel, managedBy, runLabel } from '../kube/objects.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import { refOf } from '../kube/verbs.ts';
import { isRunAlive } from './run-lease.ts';

/** What one run left on a cluster that is somebody's. */
export interface RunLeft {
  readonly runId: string;
  /** Its heartbeat goes on. */
  readonly alive: boolean;
  /** Its namespaces. */
  readonly namespaces: readonly string[];
  /** What its cases made elsewhere: in namespaces of others, or of the whole cluster. */
  readonly objects: readonly ObjectRef[];
  /** What others made and it changed. */
  readonly changed: readonly ObjectRef[];
}

/** What is left of runs, and the kinds that this account may not list, of which nobody knows. */
export interface LeftBehind {
  readonly runs: readonly RunLeft[];
  readonly unseen: readonly string[];
}

/**
 * Returns what runs left, by the labels of all kinds there are; those that live are watched for as long as their heartbeat
 * may take. @throws KubeError
 */
export async function findLeftBehind(kube: Kube): Promise<LeftBehind> {
  const unseen = new Set<string>();
  const list = async (kind: { apiVersion: string; kind: string }, labelSelector: string) => {
    const found = await kube.list({ ...kind, labelSelector }).catch((error: unknown) => {
      if (!(error instanceof KubeError) || error.status === undefined) throw error;
      if (error.status === 403) unseen.add(kind.kind);
      return [];
    });
    return found.map((object) => ({ ...object, ...kind }));
  };
  const ours = Object.entries(managedBy).map(([key, value]) => `${key}=${value}`);
  const namespaces = await list({ apiVersion: 'v1', kind: 'Namespace' }, [...ours, runLabel].join());
  const kinds = (await servedKinds(kube)).filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'));
  const made = await Promise.all(kinds.map((kind) => list(kind, [...ours, runLabel, caseLabel].join())));
  const changed = await foreignChanges(list);
  const runs = await byRun(kube, {
    namespaces: namespaces.filter(isOfRun),
    made: made.flat().filter(isElsewhere),
    changed,
  });
  return { runs, unseen: [...unseen] };
}

interface Found {
  readonly namespaces: readonly KubeObject[];
  readonly made: readonly KubeObject[];
  readonly changed: readonly KubeObject[];
}

function byRun(kube: Kube, { namespaces, made, changed }: Found): Promise<RunLeft[]> {
  const runOf = ({ metadata }: KubeObject) => metadata.labels?.[runLabel] ?? '';
  const changer = ({ metadata }: KubeObject) => metadata.labels?.[changedBy] ?? '';
  const ids = new Set([...[...namespaces, ...made].map(runOf), ...changed.map(changer)]);
  return Promise.all(
    [...ids].map(async (runId) => ({
      runId,
      alive: await isRunAlive(kube, runId),
      namespaces: namespaces.filter((one) => runOf(one) === runId).map(({ metadata }) => metadata.name ?? ''),
      objects: made.filter((one) => runOf(one) === runId).map(refOf),
      changed: changed.filter((one) => changer(one) === runId).map(refOf),
    })),
  );
}

/** A mesh's or CNI's own namespace carries the label on clusters we made; those go away with the cluster. */
const isOfRun = ({ metadata }: KubeObject) => (metadata.name ?? '').startsWith('ord-');
/** The rest dies with its namespace. */
const isElsewhere = ({ kind, metadata }: KubeObject) =>
  kind !== 'Namespace' && !(metadata.namespace ?? '').startsWith('ord-');
