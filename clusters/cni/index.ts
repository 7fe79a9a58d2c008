import type { CniName } from '../names.ts';
import { calico } from './calico.ts';
import { cilium } from './cilium.ts';
import { flannel } from './flannel.ts';
import type { CniSpec } from './types.ts';

/** Every CNI a cluster can be made with; `other` is what an existing cluster may have. */
export const cnis: Readonly<Record<Exclude<CniName, 'other'>, CniSpec>> = { flannel, calico, cilium };

/**
 * Returns what a CNI that an existing cluster has claims there, however it was installed: that policies hold, where it
 * is one that enforces them. One that has stopped to must not pass for one that never did.
 */
export function claimsOf(cni: CniName): CniSpec['features'] {
  return cni !== 'other' && cnis[cni].features.NetworkPolicy === true ? { NetworkPolicy: true } : {};
}
