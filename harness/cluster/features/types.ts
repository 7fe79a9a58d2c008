import type { Feature } from '../../../clusters/names.ts';
import type { Rights } from '../../kube/rights.ts';
import type { Kube } from '../../kube/types.ts';
import type { Timeouts } from '../../base/timeouts.ts';
import type { ClusterFacts } from '../facts.ts';
import type { Cluster, Observed } from '../types.ts';

/** What a detector may look at. */
export interface DetectionContext {
  readonly kube: Kube;
  readonly facts: ClusterFacts;
  readonly nodeExec?: Cluster['nodeExec'];
  readonly agentImage: string;
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly declared: Partial<Record<Feature, boolean>>;
  readonly signal?: AbortSignal;
  /** No pod may take a port of a node, not even to see whether one can. */
  readonly spareHostPorts?: boolean;
}

/** One thing seen, and in words how. */
export interface Observation {
  readonly feature: Feature;
  readonly observed: Observed;
  readonly evidence: string;
}

/** Looks at the cluster for the features it names. */
export interface Detector {
  readonly features: readonly Feature[];
  /** What looking takes beyond what every run may. Without them the features are undetermined, or told by less. */
  readonly rights: Rights;
  readonly detect: (context: DetectionContext) => Promise<readonly Observation[]>;
}

/** Returns that nothing can be said of features, and why. */
export function undetermined(features: readonly Feature[], why: string): Observation[] {
  const evidence = `could not be determined: ${why}`;
  return features.map((feature) => ({ feature, observed: 'undetermined', evidence }));
}

/** Returns an observation. */
export function seen(feature: Feature, observed: boolean, evidence: string): Observation {
  return { feature, observed, evidence };
}
