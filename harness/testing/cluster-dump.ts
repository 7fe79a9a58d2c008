import { z } from 'zod';
import { servedKinds } from '../kube/discovery.ts';
import type { Kube, KubeObject } from '../kube/types.ts';

/** Told by time, or the book-keeping of what comes and goes: no run could leave these as they were. */
const passing = new Set([
  ...['Event', 'Lease', 'ComponentStatus', 'APIService'],
  // Of pods that were restarted.
  'Endpoints',
  // Addresses that a CNI has lent, and to whom.
  ...['IPAMBlock', 'IPAMHandle', 'BlockAffinity', 'CiliumEndpoint', 'CiliumIdentity', 'IPAddress'],
]);
/** What the API server or a controller counts up. */
const counted = ['resourceVersion', 'managedFields', 'generation'];
const countedAnnotations = ['deployment.kubernetes.io/revision'];

const Meta = z.looseObject({
  namespace: z.string().optional(),
  name: z.string(),
  ownerReferences: z.array(z.unknown()).default([]),
  annotations: z.record(z.string(), z.string()).default({}),
});

/**
 * Returns every object of a cluster as text, by kind and name, through discovery. Left out: what passes or counts (above),
 * status, and what a controller makes for another object (pods restarted, ReplicaSets of a rollout). @throws KubeError
 */
export async function dumpCluster(kube: Kube): Promise<Map<string, string>> {
  const kinds = (await servedKinds(kube)).filter(({ kind, verbs }) => verbs.includes('list') && !passing.has(kind));
  const lists = await Promise.all(
    kinds.map(async (kind) => (await kube.list(kind)).flatMap((object) => textOf(kind.kind, object))),
  );
  return new Map(lists.flat());
}

function textOf(kind: string, { metadata, ...object }: KubeObject): [string, string][] {
  const { ownerReferences, annotations, ...meta } = Meta.parse(metadata);
  if (ownerReferences.length > 0) return [];
  const kept = Object.fromEntries(Object.entries(meta).filter(([field]) => !counted.includes(field)));
  const said = Object.entries(annotations).filter(([key]) => !countedAnnotations.includes(key));
  const rest = Object.fromEntries(Object.entries(object).filter(([field]) => field !== 'status'));
  const text = JSON.stringify({ ...rest, metadata: { ...kept, annotations: Object.fromEntries(said) } });
  return [[`${kind} ${meta.namespace === undefined ? '' : `${meta.namespace}/`}${meta.name}`, text]];
}

/** Returns in words what is in one dump and not, or otherwise, in the other. */
export function dumpDifference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (was === undefined) return [`${key} was left`];
    return [is === undefined ? `${key} is gone` : `${key} was\n  ${was}\nand is\n  ${is}`];
  });
}
