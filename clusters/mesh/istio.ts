import type { WorkloadRef } from '../cni/types.ts';
import { helm } from '../components/helm.ts';
import { istio as component } from '../components/istio.ts';
import type { ChartValues, ManifestSource, RenderContext } from '../render.ts';
import type { MeshSpec } from './types.ts';

const namespace = 'istio-system';
const istiod: WorkloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'istiod' };

const chart = (release: string, path: string): Extract<ManifestSource, { from: 'chart' }> => ({
  from: 'chart',
  component: 'istio',
  module: 'istio.io/istio',
  path: `manifests/charts/${path}`,
  release,
  namespace,
});

/**
 * The sidecar is upstream's Envoy, which lacks three filters of Istio's own build: metadata exchange, istio.alpn and
 * istio.stats. istiod is told not to send them. Without istio.alpn a port whose protocol is guessed is treated as TCP,
 * so ports must be named (`http-...`, `tcp-...`) or carry an appProtocol.
 */
function istiodValues({ pullPolicy, imageRef = (reference) => reference }: RenderContext): ChartValues {
  const proxy = imageRef(`ordeal.dev/istio/proxyv2:${component.version}`);
  return {
    pilot: {
      image: imageRef(`ordeal.dev/istio/pilot:${component.version}`),
      env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' },
      resources: { requests: { cpu: '100m', memory: '256Mi' } },
    },
    autoscaleEnabled: false,
    telemetry: { enabled: false },
    meshConfig: { accessLogFile: '/dev/stdout' },
    global: {
      imagePullPolicy: pullPolicy,
      // Requests only place pods: many meshed probe pods must fit on two small nodes.
      proxy: { image: proxy, resources: { requests: { cpu: '10m', memory: '64Mi' } } },
      proxy_init: { image: proxy },
    },
  };
}

/** Istio with sidecars and the default istio-init redirection. */
export const istio: MeshSpec = {
  name: 'istio',
  version: component.version,
  components: [component, helm],
  namespace,
  charts: [
    { source: chart('istio-base', 'base'), values: () => ({}) },
    { source: chart('istiod', 'istio-control/istio-discovery'), values: istiodValues },
  ],
  readiness: [istiod],
  injection: {
    namespaceLabels: { 'istio-injection': 'enabled' },
    optOut: { labels: { 'sidecar.istio.io/inject': 'false' } },
    container: 'istio-proxy',
  },
  podSecurity: 'privileged',
  features: { Mesh: true, MeshMetrics: false },
};
