import type { KubeObject } from '../../harness/kube/types.ts';
import type { AuthorizationSpec, Caller, Mesh } from '../mesh-product.ts';

const unavailable = {
  source:
    'its data plane (linkerd2-proxy, policy-controller) is Rust and published only as container images; neither the ' +
    'Go module nor a crate, wheel or Debian package of it exists',
  registry:
    'its charts and images are online only, and this release does not yet make the issuer certificate they require',
};

const readiness = ['linkerd-destination', 'linkerd-identity', 'linkerd-proxy-injector'].map(
  (name) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'linkerd', name }) as const,
);

/** Source: https://linkerd.io/2/features/automatic-mtls/ and .../tasks/validating-your-traffic/. */
const identityOf = ({ trustDomain, namespace, account }: Caller): string =>
  `${account}.${namespace}.serviceaccount.identity.linkerd.${trustDomain}`;

/** A Server turns away everyone whom no AuthorizationPolicy admits; there is no rule that only denies. */
function authorization({ namespace, action, selector, callers, ports }: AuthorizationSpec): KubeObject[] | undefined {
  if (action === 'DENY') return undefined;
  const group = 'policy.linkerd.io';
  const named = (name: string) => ({ name, namespace });
  const authentication: KubeObject = {
    apiVersion: `${group}/v1alpha1`,
    kind: 'MeshTLSAuthentication',
    metadata: named('allow'),
    spec: { identities: callers.map(identityOf) },
  };
  const perPort = ports.flatMap((port): KubeObject[] => [
    {
      apiVersion: `${group}/v1beta3`,
      kind: 'Server',
      metadata: named(`port-${port}`),
      spec: { podSelector: { matchLabels: selector }, port, proxyProtocol: 'HTTP/1' },
    },
    {
      apiVersion: `${group}/v1alpha1`,
      kind: 'AuthorizationPolicy',
      metadata: named(`allow-${port}`),
      spec: {
        targetRef: { group, kind: 'Server', name: `port-${port}` },
        requiredAuthenticationRefs: [{ group, kind: 'MeshTLSAuthentication', name: 'allow' }],
      },
    },
  ]);
  return [authentication, ...perPort];
}

/**
 * Linkerd, declared so that asking for it explains itself, and so that it is known where it runs already. Its modes are
 * annotations read when a pod starts, not objects: there is nothing to apply that makes a running server strict.
 */
export const product: Mesh = {
  kind: 'mesh',
  name: 'linkerd',
  title: 'Linkerd',
  version: 'edge',
  components: [],
  namespace: 'linkerd',
  install: [],
  readiness,
  recognise: { kind: 'Deployment', workload: /^linkerd-destination$/, container: /destination/ },
  injection: {
    namespace: { annotations: { 'linkerd.io/inject': 'enabled' } },
    optOut: { annotations: { 'linkerd.io/inject': 'disabled' } },
    container: 'linkerd-proxy',
    webhook: /linkerd-proxy-injector/,
  },
  provides: { Mesh: true },
  policies: { authorization },
  identity: { header: 'l5d-client-id', read: (value) => value || undefined, of: identityOf },
  metrics: { counted: 'always' },
  unavailable,
};
