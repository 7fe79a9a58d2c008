import type { MeshSpec } from './types.ts';

const source =
  'its data plane (linkerd2-proxy, policy-controller) is Rust and published only as container images; neither the Go ' +
  'module nor a crate, wheel or Debian package of it exists';

const registry =
  'its charts and images are online only, and this release does not yet make the issuer certificate they require';

/**
 * Linkerd, declared so that asking for it explains itself. Its open-source artifacts since 2.15 are edge images and
 * charts in Linkerd's own registries.
 */
export const linkerd: MeshSpec = {
  name: 'linkerd',
  version: 'edge',
  components: [],
  namespace: 'linkerd',
  charts: [],
  readiness: [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'linkerd', name: 'linkerd-destination' },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'linkerd', name: 'linkerd-identity' },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'linkerd', name: 'linkerd-proxy-injector' },
  ],
  injection: {
    namespaceLabels: {},
    optOut: { annotations: { 'linkerd.io/inject': 'disabled' } },
    container: 'linkerd-proxy',
  },
  podSecurity: 'privileged',
  features: { Mesh: true },
  unavailable: { source, registry },
};
