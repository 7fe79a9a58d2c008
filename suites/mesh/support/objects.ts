import type { KubeObject } from '../../../harness/kube/types.ts';
import type { MtlsMode } from '../../../harness/oracle/mesh.ts';

type Labels = Readonly<Record<string, string>>;

export interface PeerAuthenticationSpec {
  readonly namespace: string;
  /** Absent: the whole namespace, or the whole mesh in the mesh's root namespace. */
  readonly selector?: Labels;
  readonly mode?: MtlsMode;
  /** Modes of single ports of the workload; Istio wants a selector with them. */
  readonly ports?: Readonly<Record<number, MtlsMode>>;
}

/** The namespace whose policies count for the whole mesh. */
export const rootNamespace = 'istio-system';

/** Returns an Istio PeerAuthentication: what a server's proxy accepts. */
export function peerAuthentication({ namespace, selector, mode, ports }: PeerAuthenticationSpec): KubeObject {
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

/** Returns a DestinationRule that makes meshed clients of its namespace speak plaintext to `host`. */
export function plaintextTo(namespace: string, host: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'plaintext', namespace },
    spec: { host, trafficPolicy: { tls: { mode: 'DISABLE' } } },
  };
}

/** Returns an AuthorizationPolicy on `selector` about callers that prove one of `principals`. */
export function authorization(
  namespace: string,
  action: 'ALLOW' | 'DENY',
  selector: Labels,
  principals: readonly string[],
): KubeObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: action.toLowerCase(), namespace },
    spec: { action, selector: { matchLabels: selector }, rules: [{ from: [{ source: { principals } }] }] },
  };
}
