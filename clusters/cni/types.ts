import type { CniName, Feature } from '../names.ts';
import type { KubeObject } from '../../harness/kube/types.ts';
import type { Component } from '../component.ts';
import type { ChartValues, ManifestSource, RenderContext } from '../render.ts';

/** A workload that must be fully rolled out before the cluster counts as ready. */
export interface WorkloadRef {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
}

/** The per-node agent: what break tests stop, and where to look for its logs. */
export interface CniAgent {
  readonly workload: WorkloadRef;
  readonly podSelector: string;
  readonly container: string;
  /** Command line of the process on the node, as `pgrep -f` matches it. */
  readonly process: string;
}

/** A kernel option the CNI cannot do without, and why. */
export interface KernelNeed {
  readonly option: string;
  readonly why: string;
}

/** One CNI, as data. A new one is a file beside this, an entry in index.ts and its components. */
export interface CniSpec {
  readonly name: CniName;
  readonly version: string;
  readonly components: readonly Component[];
  /** Default pod range; `RenderContext.podCidrs` is what a cluster really has. */
  readonly podCidr: string;
  readonly kubeProxyMode: 'iptables' | 'nftables' | 'none';
  /** What the CNI claims. A feature that is not named here depends on kernel or topology and is only measured. */
  readonly features: Partial<Record<Feature, boolean>>;
  readonly source: ManifestSource;
  readonly values?: (context: RenderContext) => ChartValues;
  /** Documented changes to upstream's parsed objects: settings this cluster needs, nothing else. */
  readonly override?: (object: KubeObject, context: RenderContext) => KubeObject;
  readonly readiness: readonly WorkloadRef[];
  /** By design it lets tens of seconds pass before it acts on a changed label. */
  readonly delaysLabelChanges?: true;
  readonly agent: CniAgent;
  readonly kernel: readonly KernelNeed[];
}
