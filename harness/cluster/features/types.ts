import type { Feature } from '../../../clusters/names.ts';
import type { Kube } from '../../kube/types.ts';
import type { Timeouts } from '../../base/timeouts.ts';
import type { ClusterFacts } from '../facts.ts';
import type { Cluster } from '../types.ts';

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
}

/** One thing seen, and in words how. */
export interface Observation {
  readonly feature: Feature;
  readonly observed: boolean;
  readonly evidence: string;
}

/** Looks at the cluster for the features it names. */
export interface Detector {
  readonly features: readonly Feature[];
  readonly detect: (context: DetectionContext) => Promise<readonly Observation[]>;
}

/** Returns an observation. */
export function seen(feature: Feature, observed: boolean, evidence: string): Observation {
  return { feature, observed, evidence };
}
