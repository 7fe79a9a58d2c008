import type { CniName, MeshName } from '../../clusters/names.ts';
import type { ImageSource } from '../images/ensure.ts';
import type { Progress } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { LogScope } from './logs/scope.ts';
import type { Cluster } from './types.ts';

/** What every provider is told about the run it works for. */
export interface RunFrame {
  readonly runId: string;
  /** The run's folder; kubeconfig and logs go there and nowhere else. */
  readonly folder: string;
  readonly progress: Progress;
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal;
  /** `from facts`: only those that can be told without creating anything; for a command that may yet refuse, or times itself. */
  readonly features?: 'from facts';
  /** Leave the cluster when the run ends, also after a failure. */
  readonly keep?: boolean;
  readonly collectLogs: LogScope;
}

/** A cluster to be made by kind. */
export interface KindSpec {
  /** Default `ordeal-<end of the run id>`. */
  readonly name?: string;
  readonly cni: CniName;
  readonly mesh: MeshName;
  /** 0 = the control plane takes pods. */
  readonly workers: number;
  readonly zones: number;
  readonly dualStack?: boolean;
  readonly images: ImageSource;
  readonly registry?: string;
}

/** A cluster that exists already. */
export interface ExistingSpec {
  readonly kubeconfig: string;
  readonly context?: string;
  /** A Node.js >= 22 image that cluster can pull. */
  readonly agentImage?: string;
  /** No pod may take a port of a node, not even to see whether one can. */
  readonly spareHostPorts?: boolean;
}

/** A cluster and the way to be rid of it. */
export interface ProvidedCluster {
  readonly cluster: Cluster;
  /** Where kubectl finds the cluster, for the closing line of a kept one. */
  readonly kubeconfig: string;
  /** Where the images came from and why, for the report. */
  readonly imageSource: string;
  /**
   * Collects into `<folder>/logs/` what explains a failure, within the frame's scope; never throws, says what could not be
   * collected. The run's own pods must still be there.
   */
  collectLogs(): Promise<readonly string[]>;
  /** Closes connections and removes what the provider made; an existing cluster stays. Waits until it is gone. */
  destroy(): Promise<void>;
}
