import type { KubeObject } from '../harness/kube/types.ts';
import type { Product } from './product.ts';

type Labels = Readonly<Record<string, string>>;

/** What a server's proxy accepts: mTLS alone, both, or plaintext alone. */
export type ServerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

export interface ServerModeSpec {
  readonly namespace: string;
  /** Absent: the whole namespace, or the whole mesh in the mesh's root namespace. */
  readonly selector?: Labels;
  readonly mode?: ServerMode;
  /** Modes of single ports of the workload; they need a selector. */
  readonly ports?: Readonly<Record<number, ServerMode>>;
}

/** A ServiceAccount as the mesh's certificates name it. */
export interface Caller {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly account: string;
}

export interface AuthorizationSpec {
  readonly namespace: string;
  readonly action: 'ALLOW' | 'DENY';
  readonly selector: Labels;
  readonly callers: readonly Caller[];
  /** Ports of the workload that the rule is about. */
  readonly ports: readonly number[];
}

/** What a mesh is told by objects of its own kinds. What is absent, the mesh cannot be told. */
export interface MeshPolicies {
  /** Its policies count for the whole mesh. */
  readonly rootNamespace?: string;
  readonly serverMode?: (spec: ServerModeSpec) => KubeObject;
  /** Makes meshed clients of a namespace speak plaintext to a host. */
  readonly clientPlaintext?: (namespace: string, host: string) => KubeObject;
  /** Undefined for an action that the mesh does not have. */
  readonly authorization?: (spec: AuthorizationSpec) => readonly KubeObject[] | undefined;
}

/** How a server's proxy tells the server who called. */
export interface MeshIdentity {
  /** Lower-case name of the request header. */
  readonly header: string;
  /** Returns the caller's identity from the header's value, or undefined where it names none. */
  readonly read: (value: string) => string | undefined;
  /** Returns the identity that a ServiceAccount has. */
  readonly of: (caller: Caller) => string;
}

/** Whether its proxies count requests: always, or as a text in a ConfigMap of its control plane says. */
export type MeshMetrics =
  | { readonly counted: 'always' }
  | {
      readonly counted: 'as configured';
      readonly configMap: { readonly namespace: string; readonly name: string; readonly key: string };
      readonly isCounted: (text: string) => boolean;
      /** What `isCounted` looks for, in words. */
      readonly setting: string;
    };

/** A mesh is one file in `mesh/`. */
export interface Mesh extends Product {
  readonly kind: 'mesh';
  /** Of the control plane. */
  readonly namespace: string;
  /** A namespace with this metadata gets proxies; a pod with `optOut` in such a namespace does not. */
  readonly injection: {
    readonly namespace: { readonly labels?: Labels; readonly annotations?: Labels };
    readonly optOut: { readonly labels?: Labels; readonly annotations?: Labels };
    /** Of the proxy in the pod. */
    readonly container: string;
    /** Name of the MutatingWebhookConfiguration. */
    readonly webhook: RegExp;
  };
  readonly policies: MeshPolicies;
  readonly identity: MeshIdentity;
  readonly metrics: MeshMetrics;
}
