import { z } from 'zod';
import type { CaseContext } from '../../../harness/case/types.ts';

const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({ hostNetwork: z.boolean().optional() }),
  status: z.looseObject({
    phase: z.string().optional(),
    podIPs: z.array(z.looseObject({ ip: z.string() })).default([]),
  }),
});

/** Where a running pod of the cluster lives on the network. */
export interface PodNetwork {
  /** `namespace/name` */
  readonly name: string;
  readonly hostNetwork: boolean;
  readonly ips: readonly string[];
}

/** Returns all running pods of the cluster; finished ones have given their addresses back. */
export async function podNetworks(ctx: CaseContext): Promise<PodNetwork[]> {
  const pods = (await ctx.kube.list({ apiVersion: 'v1', kind: 'Pod' })).map((pod) => Pod.parse(pod));
  return pods
    .filter((pod) => pod.status.phase === 'Running')
    .map(({ metadata, spec, status }) => ({
      name: `${metadata.namespace}/${metadata.name}`,
      hostNetwork: spec.hostNetwork ?? false,
      ips: status.podIPs.map(({ ip }) => ip),
    }));
}
