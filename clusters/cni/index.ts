import type { CniName } from '../../harness/cluster/types.ts';
import { calico } from './calico.ts';
import { cilium } from './cilium.ts';
import { flannel } from './flannel.ts';
import type { CniSpec } from './types.ts';

/** Every CNI a cluster can be made with; `other` is what an existing cluster may have. */
export const cnis: Readonly<Record<Exclude<CniName, 'other'>, CniSpec>> = { flannel, calico, cilium };
