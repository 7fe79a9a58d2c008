import type { MetricDeclaration } from '../events/metric-declaration.ts';

/** What people wait for first. */
export const clusterReady: MetricDeclaration = {
  name: 'bench.cluster_ready',
  title: 'new cluster is ready',
  unit: 'ms',
  better: 'lower',
  load: 'from the order to make it until its nodes, its CNI and its DNS are ready; images that are not in the cache are built first',
  by: [],
  once: true,
};
