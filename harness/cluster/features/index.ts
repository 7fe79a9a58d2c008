import { type Feature, features } from '../../../clusters/names.ts';
import { describeError } from '../../base/errors.ts';
import { type FeatureState } from '../types.ts';
import { apis, rights, topology } from './api-server.ts';
import { kubeProxy } from './kube-proxy.ts';
import { mesh } from './mesh.ts';
import { nodeKernel } from './node-kernel.ts';
import { traffic } from './traffic.ts';
import type { Detector, Observation, DetectionContext } from './types.ts';

const detectors: readonly Detector[] = [topology, apis, rights, kubeProxy, mesh, nodeKernel, traffic];

/**
 * Looks at the cluster for every feature, all detectors at once; returns one state for each. A detector that fails
 * observed nothing, and its evidence says why, so that a case that needs the feature says so too.
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
    observed: seen.get(feature)?.observed ?? false,
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
    const evidence = `could not be determined: ${describeError(error)}`;
    return wanted.map((feature) => ({ feature, observed: false, evidence }));
  }
}
