import type { Component } from '../component.ts';
import { findCni, findMesh, products } from '../index.ts';
import type { CniName, MeshName } from '../names.ts';
import { agnhost } from './agnhost.ts';
import { coredns } from './coredns.ts';
import { crictl } from './crictl.ts';
import { cyclonus } from './cyclonus.ts';
import { etcd } from './etcd.ts';
import { iperf3 } from './iperf3.ts';
import { kind, node } from './kind.ts';
import { kubernetes } from './kubernetes.ts';
import { nodeRuntime } from './node-runtime.ts';
import { pause } from './pause.ts';
import { registry } from './registry.ts';

/** What every cluster needs, whatever its products. */
const everyCluster: readonly Component[] = [kubernetes, etcd, coredns, pause, crictl, kind, node, nodeRuntime];

/** Never needed by a run, built on demand. */
const onDemand: readonly Component[] = [agnhost, cyclonus, iperf3, registry];

/** Every component there is, each once. */
export const allComponents: readonly Component[] = [
  ...new Set([...everyCluster, ...products.flatMap(({ components }) => components), ...onDemand]),
];

/** Returns what a cluster with this CNI and mesh needs, in no particular order. */
export function componentsFor(choice: { readonly cni: CniName; readonly mesh: MeshName }): readonly Component[] {
  const chosen = [findCni(choice.cni), findMesh(choice.mesh)].filter((product) => product !== undefined);
  return [...new Set([...everyCluster, ...chosen.flatMap(({ components }) => components)])];
}
