import { z } from 'zod';
import { KubeError } from './errors.ts';
import type { Kube } from './types.ts';

const Group = z.looseObject({ preferredVersion: z.looseObject({ groupVersion: z.string() }) });
const Groups = z.looseObject({ groups: z.array(Group) });
const Resources = z.looseObject({
  resources: z.array(z.looseObject({ name: z.string(), kind: z.string(), verbs: z.array(z.string()).default([]) })),
});

/** A kind that a cluster serves, in the version that it prefers. */
export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** What may be done with it at all: `list`, `delete`. */
  readonly verbs: readonly string[];
}

/**
 * Returns every kind that the cluster serves. A group whose server does not answer (an APIService of somebody) is left out.
 * @throws KubeError
 */
export async function servedKinds(kube: Kube): Promise<ServedKind[]> {
  const { groups } = Groups.parse(await kube.raw('/apis'));
  const versions = groups.map(({ preferredVersion: { groupVersion } }) => groupVersion);
  const lists = await Promise.all([
    kindsOf(kube, '/api/v1', 'v1'),
    ...versions.map((one) => kindsOf(kube, `/apis/${one}`, one)),
  ]);
  return lists.flat();
}

async function kindsOf(kube: Kube, path: string, apiVersion: string): Promise<ServedKind[]> {
  const body = await kube.raw(path).catch((error: unknown) => {
    if (error instanceof KubeError) return { resources: [] };
    throw error;
  });
  const { resources } = Resources.parse(body);
  return resources.filter(({ name }) => !name.includes('/')).map(({ kind, verbs }) => ({ apiVersion, kind, verbs }));
}
