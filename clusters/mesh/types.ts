import type { Feature, MeshName } from '../names.ts';
import type { WorkloadRef } from '../cni/types.ts';
import type { Component } from '../component.ts';
import type { ChartValues, ManifestSource, RenderContext } from '../render.ts';

/** One chart of a mesh, installed in the order they are listed. */
export interface MeshChart {
  readonly source: Extract<ManifestSource, { from: 'chart' }>;
  readonly values: (context: RenderContext) => ChartValues;
}

/** One mesh, as data. A new one is a file beside this, an entry in index.ts and its components. */
export interface MeshSpec {
  readonly name: Exclude<MeshName, 'none'>;
  readonly version: string;
  readonly components: readonly Component[];
  /** Namespace of the control plane; made before the charts. */
  readonly namespace: string;
  readonly charts: readonly MeshChart[];
  readonly readiness: readonly WorkloadRef[];
  /** A namespace with these labels gets sidecars; a pod with `optOut` in such a namespace does not. */
  readonly injection: {
    readonly namespaceLabels: Readonly<Record<string, string>>;
    readonly optOut: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly container: string;
  };
  /** PodSecurity level a meshed namespace needs: the init container that redirects traffic asks for NET_ADMIN. */
  readonly podSecurity: 'privileged' | 'baseline' | 'restricted';
  readonly features: Partial<Record<Feature, boolean>>;
  /** Image source -> why the mesh cannot be had that way, in words a person reads. */
  readonly unavailable?: Partial<Record<'registry' | 'source', string>>;
}
