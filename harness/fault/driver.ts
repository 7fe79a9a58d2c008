import { z } from 'zod';
import type { Feature } from '../../clusters/names.ts';
import { OrdealError } from '../base/errors.ts';
import type { Cluster, ClusterInfo } from '../cluster/types.ts';
import type { FaultPlan } from './types.ts';

/** What a driver may know of the cluster it breaks. */
export interface FaultTarget extends Pick<Cluster, 'kube' | 'nodeExec'> {
  readonly info: Pick<ClusterInfo, 'name' | 'nodes' | 'podCidrs' | 'features'> & Partial<Pick<ClusterInfo, 'cni'>>;
}

/**
 * What a fault acts on, and so which parameters name it: `pods` (a list), `pod` (namespace, name, uid), `node`, `workload`
 * (namespace, name); `none`: the driver's other parameters say it.
 */
export type Targets = 'pods' | 'pod' | 'node' | 'workload' | 'none';

/** A kind of fault: a file of its own in `drivers/` and a line in its index. */
export interface FaultDriver<P> {
  /** As reports and command lines call it. */
  readonly name: string;
  /** What it does, in a line, for lists. */
  readonly summary: string;
  readonly targets: Targets;
  readonly params: z.ZodType<P>;
  /** What the cluster must offer; without it nothing is planned. */
  readonly needs: readonly Feature[];
  /** Looks at the cluster and returns what to do; touches nothing. @throws OrdealError FAULT when it cannot be done. */
  plan(target: FaultTarget, params: P): Promise<FaultPlan>;
}

/** Returns the parameters a driver was given, checked. @throws OrdealError USAGE naming driver and fields. */
export function parseParams<P>(driver: FaultDriver<P>, params: unknown): P {
  const parsed = driver.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const said = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
  throw new OrdealError('USAGE', `parameters of the fault ${driver.name}: ${said}`);
}

/**
 * Returns a driver's plan for this cluster.
 * @throws OrdealError USAGE for parameters that do not fit; FAULT naming what the cluster lacks.
 */
export async function planFault<P>(driver: FaultDriver<P>, target: FaultTarget, params: unknown): Promise<FaultPlan> {
  const parsed = parseParams(driver, params);
  for (const feature of driver.needs) {
    const state = target.info.features.get(feature);
    if (state?.observed === true) continue;
    const evidence = state?.evidence ?? 'nobody looked for it';
    throw new OrdealError('FAULT', `the fault ${driver.name} needs ${feature}, which was not seen here: ${evidence}`);
  }
  return driver.plan(target, parsed);
}
