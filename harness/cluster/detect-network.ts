import { z } from 'zod';
import { foreignCnis } from '../../clusters/foreign.ts';
import { cnis, meshes } from '../../clusters/index.ts';
import { noMesh, otherCni, type CniName, type MeshName } from '../../clusters/names.ts';
import type { Product, Sign } from '../../clusters/product.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { readIfAllowed } from './read-if-allowed.ts';

const Workload = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
    }),
  }),
});

type Recognisable = Pick<Product, 'recognise'>;

/**
 * Returns which CNI runs, by the workload that gives it away; the version is its image's tag. One that no cluster can be
 * made with here is `other`, and its version begins with its name.
 */
export async function detectCni(
  kube: Kube,
  known: readonly Pick<Product, 'name' | 'recognise'>[] = cnis,
): Promise<{ cni: CniName; cniVersion: string }> {
  const objects = await workloads(kube, [...known, ...foreignCnis]);
  const found = recognise(known, objects);
  if (found !== undefined) return { cni: found.known.name, cniVersion: found.version };
  const foreign = recognise(foreignCnis, objects);
  return {
    cni: otherCni,
    cniVersion: foreign === undefined ? 'unknown' : `${foreign.known.title} ${foreign.version}`,
  };
}

/** Returns which mesh runs, by the workload of its control plane. */
export async function detectMesh(kube: Kube): Promise<{ mesh: MeshName; meshVersion: string }> {
  const found = recognise(meshes, await workloads(kube, meshes));
  return found === undefined
    ? { mesh: noMesh, meshVersion: '' }
    : { mesh: found.known.name, meshVersion: found.version };
}

/** Of the kinds that `known` looks for. */
async function workloads(kube: Kube, known: readonly Recognisable[]): Promise<KubeObject[]> {
  const kinds = [...new Set(known.map(({ recognise: sign }) => sign.kind))];
  const lists = await Promise.all(kinds.map((kind) => readIfAllowed(listOf(kube, kind))));
  return lists.flatMap((list) => list ?? []);
}

/** Items of a list need not say their own kind. */
async function listOf(kube: Kube, kind: Sign['kind']): Promise<KubeObject[]> {
  const objects = await kube.list({ apiVersion: 'apps/v1', kind });
  return objects.map((object) => ({ ...object, kind }));
}

/** Returns the first of the known that has its workload among the objects. Exported for its test. */
export function recognise<Known extends Recognisable>(
  known: readonly Known[],
  objects: readonly KubeObject[],
): { known: Known; version: string } | undefined {
  for (const one of known) {
    const version = versionBy(one.recognise, objects);
    if (version !== undefined) return { known: one, version };
  }
  return undefined;
}

function versionBy({ kind, workload, container }: Sign, objects: readonly KubeObject[]): string | undefined {
  const named = (object: KubeObject) => object.kind === kind && workload.test(object.metadata.name ?? '');
  const found = objects.find(named);
  if (found === undefined) return undefined;
  const { containers } = Workload.parse(found).spec.template.spec;
  return tagOf((containers.find(({ name }) => container.test(name)) ?? containers[0])?.image ?? '');
}

/** Returns the tag of an image reference, a shortened digest where it has only that, else `unknown`. */
export function tagOf(image: string): string {
  const [reference = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(reference)?.[1];
  return tag ?? digest?.slice(0, 19) ?? 'unknown';
}
