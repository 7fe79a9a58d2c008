import { z } from 'zod';
import type { Kube, KubeObject } from '../kube/types.ts';
import type { CniName, MeshName } from '../../clusters/names.ts';
import { readIfAllowed } from './read-if-allowed.ts';

const Workload = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
    }),
  }),
});

interface Known<Name> {
  readonly name: Name;
  /** What the report calls it where `name` is `other`. */
  readonly called: string;
  /** Name of the workload that gives it away. */
  readonly workload: RegExp;
  readonly container: RegExp;
}

/** By the DaemonSet every node runs. */
const cnis: readonly Known<CniName>[] = [
  { name: 'calico', called: 'Calico', workload: /^calico-node$/, container: /calico-node/ },
  { name: 'cilium', called: 'Cilium', workload: /^cilium$/, container: /cilium-agent/ },
  { name: 'flannel', called: 'Flannel', workload: /^kube-flannel/, container: /flannel/ },
  { name: 'other', called: 'kindnet', workload: /^kindnet$/, container: /kindnet/ },
  { name: 'other', called: 'Antrea', workload: /^antrea-agent$/, container: /antrea-agent/ },
  { name: 'other', called: 'Weave Net', workload: /^weave-net$/, container: /weave/ },
  { name: 'other', called: 'kube-router', workload: /^kube-router$/, container: /kube-router/ },
  { name: 'other', called: 'OVN-Kubernetes', workload: /^ovnkube-node/, container: /ovn/ },
  { name: 'other', called: 'Kube-OVN', workload: /^kube-ovn-cni$/, container: /cni-server/ },
  { name: 'other', called: 'Amazon VPC CNI', workload: /^aws-node$/, container: /aws-node/ },
  { name: 'other', called: 'Azure CNI', workload: /^azure-cn[is]/, container: /azure/ },
];

/** By the Deployment of its control plane. */
const meshes: readonly Known<Exclude<MeshName, 'none'>>[] = [
  { name: 'istio', called: 'Istio', workload: /^istiod(-.*)?$/, container: /discovery/ },
  { name: 'linkerd', called: 'Linkerd', workload: /^linkerd-destination$/, container: /destination/ },
];

/** Returns which CNI runs, by its DaemonSet; the version is its image's tag (with the name, where it is `other`). */
export async function detectCni(kube: Kube): Promise<{ cni: CniName; cniVersion: string }> {
  const found = recognise(cnis, await workloads(kube, 'DaemonSet'));
  if (found === undefined) return { cni: 'other', cniVersion: 'unknown' };
  const { name, called } = found.known;
  return { cni: name, cniVersion: name === 'other' ? `${called} ${found.version}` : found.version };
}

/** Returns which mesh runs, by the Deployment of its control plane. */
export async function detectMesh(kube: Kube): Promise<{ mesh: MeshName; meshVersion: string }> {
  const found = recognise(meshes, await workloads(kube, 'Deployment'));
  return found === undefined
    ? { mesh: 'none', meshVersion: '' }
    : { mesh: found.known.name, meshVersion: found.version };
}

async function workloads(kube: Kube, kind: string): Promise<KubeObject[]> {
  return (await readIfAllowed(kube.list({ apiVersion: 'apps/v1', kind }))) ?? [];
}

/** Exported for its test. */
export function recognise<Name>(
  known: readonly Known<Name>[],
  objects: readonly KubeObject[],
): { known: Known<Name>; version: string } | undefined {
  const parsed = objects.map((object) => Workload.parse(object));
  for (const one of known) {
    const workload = parsed.find(({ metadata }) => one.workload.test(metadata.name));
    if (workload === undefined) continue;
    const { containers } = workload.spec.template.spec;
    const container = containers.find(({ name }) => one.container.test(name)) ?? containers[0];
    return { known: one, version: tagOf(container?.image ?? '') };
  }
  return undefined;
}

/** Returns the tag of an image reference, a shortened digest where it has only that, else `unknown`. */
export function tagOf(image: string): string {
  const [reference = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(reference)?.[1];
  return tag ?? digest?.slice(0, 19) ?? 'unknown';
}
