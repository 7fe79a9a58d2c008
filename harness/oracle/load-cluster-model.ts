import { OrdealError } from '../base/errors.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import type { LocatedObject } from './manifest-documents.ts';
import { readManifests } from './manifest-files.ts';
import { namespaceNotes } from './namespace-notes.ts';
import { listedKinds } from './object-kinds.ts';
import { readObjects } from './read-objects.ts';
import { clusterModelOf } from './cluster-model.ts';
import type { ClusterModel } from './model-types.ts';

type Lister = Pick<Kube, 'list'>;

/** A model, what had to be left out of it, and what its reader should know; each line names its place. */
export interface LoadedModel {
  readonly model: ClusterModel;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

export interface LoadOptions {
  /** Where objects without a namespace belong; absent: `default`. */
  readonly namespace?: string | undefined;
  /** Refuse everything for the first thing that is wrong. */
  readonly strict?: boolean | undefined;
}

/**
 * Returns the model written in manifests: files, or directories read recursively. One bad document does not keep the
 * rest from being judged. @throws OrdealError USAGE naming file and line of every fault when `strict`, or when nothing
 * else was there; for a path that cannot be read or holds no manifests.
 */
export async function loadModelFromFiles(paths: readonly string[], options: LoadOptions = {}): Promise<LoadedModel> {
  const read = await readObjects(await readManifests(paths), options);
  if (read.faults.length > 0 && (options.strict === true || read.objects.length === 0))
    throw new OrdealError('USAGE', read.faults.join('; '));
  const model = clusterModelOf(read.objects);
  return { model, faults: read.faults, notes: [...read.notes, ...namespaceNotes(model)] };
}

/**
 * Returns the model as the API server tells it now. Kinds of the network-policy-api are optional: a cluster that does
 * not serve them has none. @throws OrdealError KUBE_API naming the kind that could not be listed.
 */
export async function loadModelFromCluster(kube: Lister): Promise<LoadedModel> {
  const lists = await Promise.all(listedKinds.map((known) => listKind(kube, known)));
  const { objects, faults, notes } = await readObjects(
    { objects: lists.flat(), faults: [], notes: [] },
    { validate: false },
  );
  return { model: clusterModelOf(objects), faults, notes };
}

async function listKind(kube: Lister, known: (typeof listedKinds)[number]): Promise<LocatedObject[]> {
  const { apiVersion, kind } = known;
  try {
    const objects = await kube.list({ apiVersion, kind });
    return objects.map((object) => ({ value: { ...object, apiVersion, kind }, locate: () => whereOf(kind, object) }));
  } catch (error) {
    if (known.optional && isUnserved(error)) return [];
    throw error;
  }
}

function whereOf(kind: string, { metadata: { namespace, name } }: KubeObject): string {
  return `the cluster's ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`;
}

/** Only "this kind does not exist here" may pass for "there are none"; a refused or failed list must not. */
function isUnserved(error: unknown): boolean {
  return error instanceof OrdealError && 'status' in error && error.status === 404;
}
