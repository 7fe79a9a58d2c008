import type { CaseContext } from '../case/types.ts';
import type { Probe } from '../probe/types.ts';
import { reach } from '../table/probes.ts';
import { reportTraffic, type Loss } from '../disruption/report.ts';
import { Traffic, trafficClients, type Path } from '../disruption/traffic.ts';
import { startWorkload, type Workload, type WorkloadSpec } from './rollout-workload.ts';
import { httpPort } from './service-traffic.ts';
import { serve } from './serve.ts';
import { fleet } from './fleet.ts';
import { loopbackOf } from './loopback.ts';

/** A workload behind a ClusterIP with open-loop HTTP traffic on it. */
export interface RolloutFixture {
  readonly workload: Workload;
  readonly traffic: Traffic;
  readonly probe: Probe;
}

export interface RolloutResult {
  readonly paths: readonly Path[];
  readonly losses: readonly Loss[];
}

/** Starts workload, Service and traffic; returns once every path is served without a failure. */
export async function openRolloutFixture(
  ctx: CaseContext,
  spec: Omit<WorkloadSpec, 'name' | 'namespace'>,
): Promise<RolloutFixture> {
  const namespace = await ctx.namespace();
  const workload = await startWorkload(ctx, { ...spec, name: 'web', namespace });
  const service = await serve(ctx, { name: 'web', namespace, selector: workload.selector, ports: [httpPort] });
  const probe = reach(ctx, 'http', service.ip, httpPort.port);
  const sent = { target: probe, expect: { statuses: [200] }, loopback: loopbackOf(ctx) };
  const traffic = await Traffic.start(ctx, trafficClients(ctx.use(fleet)), sent);
  return { workload, traffic, probe };
}

/**
 * Waits until the traffic is undisturbed again (a downtime that does not end fails here), stops it and records what it
 * saw. Returns the paths and their losses.
 */
export async function closeRolloutFixture(ctx: CaseContext, { traffic }: RolloutFixture): Promise<RolloutResult> {
  await traffic.untilStable('traffic flows after the disturbance');
  const paths = await traffic.stop();
  return { paths, losses: reportTraffic(ctx, paths) };
}
