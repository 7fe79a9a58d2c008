import type { CniName, MeshName } from '../names.ts';
import type { Component } from '../component.ts';
import { agnhost } from './agnhost.ts';
import { calico } from './calico.ts';
import { cilium } from './cilium.ts';
import { coredns } from './coredns.ts';
import { crictl } from './crictl.ts';
import { cyclonus } from './cyclonus.ts';
import { etcd } from './etcd.ts';
import { flannelCni } from './flannel-cni.ts';
import { flannel } from './flannel.ts';
import { helm } from './helm.ts';
import { istio } from './istio.ts';
import { kind, node } from './kind.ts';
import { kubernetes } from './kubernetes.ts';
import { nodeRuntime } from './node-runtime.ts';
import { pause } from './pause.ts';
import { registry } from './registry.ts';

/** What every cluster needs, whatever its CNI. */
const everyCluster: readonly Component[] = [kubernetes, etcd, coredns, pause, crictl, kind, node, nodeRuntime];

/** CNI -> its own components. A new CNI is one entry here and one file beside. */
const ofCni: Readonly<Record<CniName, readonly Component[]>> = {
  flannel: [flannel, flannelCni],
  calico: [calico],
  cilium: [cilium, helm],
  other: [],
};

/** Mesh -> its own components. */
const ofMesh: Readonly<Record<MeshName, readonly Component[]>> = {
  none: [],
  istio: [istio, helm],
  linkerd: [],
};

/** Never needed by a run, built on demand. */
const onDemand: readonly Component[] = [agnhost, cyclonus, registry];

/** Every component there is, each once. */
export const allComponents: readonly Component[] = [
  ...new Set([...everyCluster, ...Object.values(ofCni).flat(), ...Object.values(ofMesh).flat(), ...onDemand]),
];

/** Returns what a cluster with this CNI and mesh needs, in no particular order. */
export function componentsFor(choice: { readonly cni: CniName; readonly mesh: MeshName }): readonly Component[] {
  return [...new Set([...everyCluster, ...ofCni[choice.cni], ...ofMesh[choice.mesh]])];
}
