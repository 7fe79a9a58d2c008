import { type Feature, features } from '../../../clusters/names.ts';
import { describeError } from '../../base/errors.ts';
import { type FeatureState } from '../types.ts';
import { apis, rights, topology } from './api-server.ts';
import { kubeProxy } from './kube-proxy.ts';
import { mesh } from './mesh.ts';
import { nodeKernel } from './node-kernel.ts';
import { traffic } from './traffic.ts';
import { undetermined, type Detector, type Observation, type DetectionContext } from './types.ts';

const detectors: readonly Detector[] = [topology, apis, rights, kubeProxy, mesh, nodeKernel, traffic];

/** What looking for all features takes beyond what every run may. */
export const detectionRights = detectors.flatMap(({ rights: taken }) => taken);

/**
 * Looks at the cluster for every feature, all detectors at once; returns one state for each. Of what a detector
 * that fails looks for nothing is known: that is a state of its own, with the reason, and never a `no`.
 */
export async function detectFeatures(
  context: DetectionContext,
  looking: readonly Detector[] = detectors,
): Promise<ReadonlyMap<Feature, FeatureState>> {
  const seen = new Map<Feature, Observation>();
  await Promise.all(
    looking.map(async (detector) => {
      for (const one of await attempt(detector, context)) seen.set(one.feature, one);
    }),
  );
  const state = (feature: Feature): FeatureState => ({
    feature,
    observed: seen.get(feature)?.observed ?? 'undetermined',
    declared: context.declared[feature] ?? 'unknown',
    evidence: seen.get(feature)?.evidence ?? 'nothing looks for it on this cluster',
  });
  return new Map(features.map((feature) => [feature, state(feature)]));
}

async function attempt(
  { features: wanted, detect }: Detector,
  context: DetectionContext,
): Promise<readonly Observation[]> {
  try {
    return await detect(context);
  } catch (error) {
    context.signal?.throwIfAborted();
    return undetermined(wanted, describeError(error));
  }
}
