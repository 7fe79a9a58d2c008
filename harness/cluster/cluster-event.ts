import type { Feature } from '../../clusters/names.ts';
import { hostFacts } from '../base/host-facts.ts';
import type { Emit } from '../events/types.ts';
import type { ProvidedCluster } from './provider.ts';

/** Returns what a log says of a cluster under test, and of the machine that tests it. */
export function clusterEvent(
  { cluster: { info }, imageSource }: ProvidedCluster,
  { id, required = [] }: { readonly id: string; readonly required?: readonly Feature[] },
): Extract<Parameters<Emit>[0], { type: 'cluster' }> {
  const { name, provider, kubernetes, cni, cniVersion, mesh, meshVersion } = info;
  const nodes = info.nodes.map((node) => {
    return { name: node.name, role: node.role, kernel: node.kernel, zone: node.zone };
  });
  const features = [...info.features.values()].map((one) =>
    required.includes(one.feature) ? { ...one, required: true as const } : one,
  );
  return {
    type: 'cluster',
    id,
    host: { ...hostFacts(), 'image source': imageSource },
    cluster: { name, provider, kubernetes, cni, cniVersion, mesh, meshVersion, nodes },
    features,
    images: { ...info.images },
  };
}
