import type { Feature } from '../../clusters/names.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import type { Tier } from '../case/types.ts';

export type PolicySpec = NetworkPolicy['spec'];
export type NamespaceKey = 'x' | 'y' | 'z';
export type PodKey = 'a' | 'b' | 'c';

/** Facts only a live grid knows, for policies that speak of addresses. */
export interface GridFacts {
  /** IP of pod `x/a`. */
  ip(key: string): string;
  /** The smallest block around the addresses of all pods of the grid, whatever range the cluster has given them. */
  podRange(): string;
  /** Real name of the namespace with this key, for `kubernetes.io/metadata.name`. */
  namespace(key: NamespaceKey): string;
}

/** A policy of the grid; `spec` may depend on addresses. */
export interface PolicyTemplate {
  readonly namespace: NamespaceKey;
  readonly name: string;
  readonly spec: PolicySpec | ((facts: GridFacts) => PolicySpec);
}

/** `null` removes a label. */
/** How a packet gets to its pod: by its own address or through its Service, whose address a name may stand for. */
export type Route = 'pod' | 'service' | 'name';

export type LabelChange = Readonly<Record<string, string | null>>;

export type Action =
  | { readonly do: 'apply'; readonly policy: PolicyTemplate }
  | { readonly do: 'delete-policy'; readonly namespace: NamespaceKey; readonly name: string }
  | { readonly do: 'label-namespace'; readonly namespace: NamespaceKey; readonly labels: LabelChange }
  | { readonly do: 'label-pod'; readonly namespace: NamespaceKey; readonly pod: PodKey; readonly labels: LabelChange }
  | {
      readonly do: 'create-pod';
      readonly namespace: string;
      readonly pod: string;
      readonly labels: Record<string, string>;
    }
  | { readonly do: 'delete-pod'; readonly namespace: string; readonly pod: string }
  | { readonly do: 'create-namespace'; readonly key: string; readonly labels: Record<string, string> }
  | { readonly do: 'delete-namespace'; readonly key: string };

/** Changes made together, then one table that must settle to what the oracle computes. */
export interface PolicyStep {
  readonly title: string;
  readonly actions: readonly Action[];
}

/** A NetworkPolicy case as data: inputs only, the oracle states the outputs. */
export interface PolicyCase {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly steps: readonly PolicyStep[];
  readonly tier?: Tier;
  /** By which addresses pods are reached, in turn; default by their own and through their Services. */
  readonly routes?: readonly [Route, Route];
  readonly needs?: readonly Feature[];
  readonly source?: string;
  /** The last table must also hold: it is looked at again and again, on a small grid of the case's own. */
  readonly held?: true;
}
