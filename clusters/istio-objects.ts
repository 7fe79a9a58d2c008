import type { KubeObject } from '../harness/kube/types.ts';
import type { AuthorizationSpec, Caller, MeshIdentity, MeshPolicies, ServerModeSpec } from './mesh-product.ts';

/** Returns what Istio is told by objects; policies of its root namespace count for the whole mesh. */
export const istioPolicies = (rootNamespace: string): MeshPolicies => ({
  rootNamespace,
  serverMode: peerAuthentication,
  clientPlaintext: plaintextTo,
  authorization,
});

/** What a server's proxy accepts. */
function peerAuthentication({ namespace, selector, mode, ports }: ServerModeSpec): KubeObject {
  const levels = Object.fromEntries(Object.entries(ports ?? {}).map(([port, level]) => [port, { mode: level }]));
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: selector === undefined ? 'default' : 'workload', namespace },
    spec: {
      ...(selector === undefined ? {} : { selector: { matchLabels: selector } }),
      ...(mode === undefined ? {} : { mtls: { mode } }),
      ...(ports === undefined ? {} : { portLevelMtls: levels }),
    },
  };
}

function plaintextTo(namespace: string, host: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'plaintext', namespace },
    spec: { host, trafficPolicy: { tls: { mode: 'DISABLE' } } },
  };
}

/** Of the whole workload: none of its ports is open to the others then. */
function authorization({ namespace, action, selector, callers }: AuthorizationSpec): KubeObject[] {
  const principals = callers.map(principalOf);
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: action.toLowerCase(), namespace },
      spec: { action, selector: { matchLabels: selector }, rules: [{ from: [{ source: { principals } }] }] },
    },
  ];
}

const principalOf = ({ trustDomain, namespace, account }: Caller): string =>
  `${trustDomain}/ns/${namespace}/sa/${account}`;

/** The proxy writes the verified certificate of the caller into the request; `By` is the server's own. */
export const istioIdentity: MeshIdentity = {
  header: 'x-forwarded-client-cert',
  read: (value) => /(?:^|[;,])URI=(?<uri>spiffe:[^;,]+)/.exec(value)?.groups?.['uri'],
  of: (caller) => `spiffe://${principalOf(caller)}`,
};
