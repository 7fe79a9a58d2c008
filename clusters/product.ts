import type { KubeObject } from '../harness/kube/types.ts';
import type { Component } from './component.ts';
import type { Feature } from './names.ts';
import type { ChartValues, ManifestSource, RenderContext } from './render.ts';

/** A workload that must be fully rolled out before the cluster counts as ready. */
export interface WorkloadRef {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
}

/** The workload that gives a product away on a cluster that somebody else made, and its container with the version. */
export interface Sign {
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly workload: RegExp;
  readonly container: RegExp;
}

/** The agent on each node: what faults stop, and where to look for its logs. */
export interface NodeAgent {
  readonly workload: WorkloadRef;
  readonly podSelector: string;
  readonly container: string;
  /** Command line of the process on the node, as `pgrep -f` matches it. */
  readonly process: string;
  /** Name of its program on the node. */
  readonly command: string;
  /** Answers on the node's loopback as long as the agent runs. Absent where upstream's manifest opens none. */
  readonly health?: string;
}

/** A kernel option that the product cannot do without, `CONFIG_VXLAN`, and why. */
export interface KernelNeed {
  readonly option: string;
  readonly why: string;
}

/** Upstream's objects, and documented changes to them: settings this cluster needs, nothing else. */
export interface InstallStep {
  readonly source: ManifestSource;
  readonly values?: (context: RenderContext) => ChartValues;
  readonly override?: (object: KubeObject, context: RenderContext) => KubeObject;
}

export interface Product {
  readonly kind: 'cni' | 'mesh' | 'gateway' | 'load-balancer' | 'add-on';
  /** As it is asked for: `--cni NAME`. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  readonly version: string;
  readonly components: readonly Component[];
  /** Made before anything is installed, where upstream's objects do not bring it. */
  readonly namespace?: string;
  /** In this order. */
  readonly install: readonly InstallStep[];
  readonly readiness: readonly WorkloadRef[];
  /** What it claims. A feature that is not named here depends on kernel or topology and is only measured. */
  readonly provides: Partial<Record<Feature, boolean>>;
  readonly recognise: Sign;
  readonly kernel?: readonly KernelNeed[];
  /** Image source -> why it cannot be had that way, in words a person reads. */
  readonly unavailable?: Partial<Record<'registry' | 'source', string>>;
}

/** What is peculiar to a CNI, by which others ask for it instead of by its name. */
export interface CniTraits {
  /** By design it lets tens of seconds pass before it acts on a changed label. */
  readonly delaysLabelChanges?: true;
  /** Interface on each node that wraps traffic to pods of other nodes. Absent: such traffic is routed as it is. */
  readonly tunnel?: string;
  /** Pod traffic between nodes passes the node's own routing, where rules and routes meet it. */
  readonly usesNodeRouting?: true;
}

/** A CNI is one file in `cni/`, with its Go module in `modules/` and its known failures in `reports/baselines/`. */
export interface Cni extends Product {
  readonly kind: 'cni';
  /** Default pod range; `RenderContext.podCidrs` is what a cluster really has. */
  readonly podCidr: string;
  readonly kubeProxyMode: 'iptables' | 'nftables' | 'none';
  readonly agent: NodeAgent;
  readonly traits: CniTraits;
}
