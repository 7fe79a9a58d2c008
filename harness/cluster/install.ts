import { execa } from 'execa';
import type { WorkloadRef } from '../../clusters/product.ts';
import type { RenderTools } from '../../clusters/render.ts';
import { OrdealError } from '../base/errors.ts';
import { hostModule } from '../images/host-module.ts';
import { hostTool } from '../images/host-tool.ts';
import { describeRef } from '../kube/errors.ts';
import type { Kube } from '../kube/types.ts';
import type { StepReport } from '../base/progress.ts';

/** Returns what rendering a CNI's or mesh's manifests needs: published module trees and Helm, both from the cache. */
export function renderTools(): RenderTools {
  return {
    moduleDir: (component, module) => hostModule(component, module),
    helm: async (args) => runHelm(await hostTool('helm'), args),
  };
}

async function runHelm(helm: string, args: readonly string[]): Promise<string> {
  const { failed, stdout, stderr, shortMessage } = await execa(helm, args, { reject: false, killDescendants: true });
  if (!failed) return stdout;
  throw new OrdealError('IMAGE_BUILD', `rendering a chart failed: ${stderr.trim().slice(-400) || shortMessage}`);
}

/** Waits for all workloads at once. @throws OrdealError API_WAIT naming the first that does not come up, and why. */
export async function untilWorkloadsReady(
  kube: Kube,
  workloads: readonly WorkloadRef[],
  timeoutMs: number,
  report: StepReport,
): Promise<void> {
  const waiting = new Map(workloads.map((ref) => [describeRef(ref), ref]));
  await Promise.all(
    [...waiting].map(async ([key, ref]) => {
      await kube.untilRolledOut(ref, timeoutMs);
      waiting.delete(key);
      report(waiting.size === 0 ? 'all ready' : `waiting for ${[...waiting.keys()].join(', ')}`);
    }),
  );
}

const apps = 'apps/v1';
const system = { apiVersion: apps, namespace: 'kube-system' } as const;

/** What kubeadm installs and every case relies on. */
export function systemWorkloads(kubeProxyMode: string): WorkloadRef[] {
  const dns: WorkloadRef = { ...system, kind: 'Deployment', name: 'coredns' };
  return kubeProxyMode === 'none' ? [dns] : [dns, { ...system, kind: 'DaemonSet', name: 'kube-proxy' }];
}
