import { OrdealError } from '../base/errors.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { readManifests, type LocatedObject } from './manifest-files.ts';
import { knownKinds } from './object-schema.ts';
import { worldFromObjects } from './world-objects.ts';
import type { World } from './types.ts';

type Lister = Pick<Kube, 'list'>;

/**
 * Returns the world written in manifests: a file, or a directory read recursively. Throws USAGE naming file and line of
 * what cannot be read, parsed or accepted.
 */
export async function loadWorldFromFiles(path: string): Promise<World> {
  return worldFromObjects(await readManifests(path));
}

/**
 * Returns the world as the API server tells it now. Kinds of the network-policy-api are optional: a cluster that does
 * not serve them has none. Throws KUBE_API naming the kind that could not be listed.
 */
export async function loadWorldFromCluster(kube: Lister): Promise<World> {
  const lists = await Promise.all(knownKinds.map((known) => listKind(kube, known)));
  return worldFromObjects(lists.flat());
}

async function listKind(kube: Lister, known: (typeof knownKinds)[number]): Promise<LocatedObject[]> {
  const { apiVersion, kind } = known;
  try {
    const objects = await kube.list({ apiVersion, kind });
    return objects.map((object) => ({ value: { ...object, apiVersion, kind }, locate: () => whereOf(kind, object) }));
  } catch (error) {
    if (known.optional === true && isUnserved(error)) return [];
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
