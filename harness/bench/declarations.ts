import type { MetricDeclaration } from '../events/metric-declaration.ts';
import { clusterReady } from './cluster-ready.ts';
import { curveMetrics } from './curves.ts';
import { benchMetrics } from './metrics/index.ts';

/** Every metric that a comparison can log, those too that come with another one's load. */
export const benchDeclarations: readonly MetricDeclaration[] = [
  clusterReady,
  ...[...benchMetrics, ...curveMetrics].flatMap((metric) => [metric, ...(metric.also ?? [])]),
];
