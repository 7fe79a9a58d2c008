import { helm } from '../components/helm.ts';
import { istio as component } from '../components/istio.ts';
import { istioIdentity, istioPolicies } from '../istio-objects.ts';
import type { Mesh } from '../mesh-product.ts';
import type { WorkloadRef } from '../product.ts';
import type { ChartValues, ManifestSource, RenderContext } from '../render.ts';

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
export const product: Mesh = {
  kind: 'mesh',
  name: 'istio',
  title: 'Istio',
  version: component.version,
  components: [component, helm],
  namespace,
  install: [
    { source: chart('istio-base', 'base'), values: () => ({}) },
    { source: chart('istiod', 'istio-control/istio-discovery'), values: istiodValues },
  ],
  readiness: [istiod],
  recognise: { kind: 'Deployment', workload: /^istiod(-.*)?$/, container: /discovery/ },
  injection: {
    namespace: { labels: { 'istio-injection': 'enabled' } },
    optOut: { labels: { 'sidecar.istio.io/inject': 'false' } },
    container: 'istio-proxy',
    webhook: /istio-sidecar-injector/,
  },
  provides: { Mesh: true, MeshMetrics: false },
  policies: istioPolicies(namespace),
  identity: istioIdentity,
  metrics: {
    counted: 'as configured',
    configMap: { namespace, name: 'istio', key: 'mesh' },
    isCounted: (text) => /defaultProviders:[\s\S]*metrics:\s*\n\s*- prometheus/.test(text),
    setting: 'prometheus among the default metrics providers',
  },
};
