import { z } from 'zod';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject, ObjectRef } from '../kube/types.ts';
import type { Agent } from '../probe/agent-types.ts';
import { podPorts } from './service-traffic.ts';

export interface WorkloadSpec {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  /** Seconds a pod keeps serving after it was told to go (preStop sleep); absent: it stops at SIGTERM. */
  readonly preStopSeconds?: number;
  /** Fields of `spec` beside replicas, selector and template: strategy, serviceName. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A workload of agents under traffic, with the label that selects its pods. */
export interface Workload {
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
}

/** kube-proxy syncs once a second; the rest is patience with a busy machine, which a shorter sleep would not have. */
export const preStopSeconds = 10;
/** Above preStop, so that a pod is never killed while it still serves. */
const graceSeconds = preStopSeconds + 10;

/** A pod replaces another only once it is ready: nobody may notice. */
export const oneByOne = {
  minReadySeconds: 0,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
} as const;

/** Applies a workload of agents and waits until it is rolled out. */
export async function startWorkload(ctx: CaseContext, spec: WorkloadSpec): Promise<Workload> {
  const { kind, name, namespace, replicas } = spec;
  const selector = { app: name };
  const stop = spec.preStopSeconds === undefined ? {} : { preStopSeconds: spec.preStopSeconds };
  const template = await ctx.agentPodTemplate({
    ...{ namespace, labels: selector, ports: podPorts, terminationGracePeriodSeconds: graceSeconds, drainMs: 0 },
    ...stop,
  });
  const object: KubeObject = {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, namespace } },
    spec: { replicas, selector: { matchLabels: selector }, template, ...spec.more },
  };
  await ctx.apply(object);
  const ref = { apiVersion: 'apps/v1', kind, name, namespace };
  await ctx.kube.untilRolledOut(ref, ctx.timeouts.workloadReadyMs);
  return { ref, namespace, selector };
}

/** Starts a new revision: the pods are the same but for an annotation. Returns once the API has taken it. */
export async function newRevision(ctx: CaseContext, { ref }: Workload, revision: string): Promise<void> {
  const metadata = { annotations: { 'ordeal.dev/revision': revision } };
  await ctx.kube.patch(ref, { spec: { template: { metadata } } });
}

const PodView = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
});

/** A pod of a workload as the API lists it. */
export interface PodSeen {
  readonly name: string;
  readonly uid: string;
  readonly terminating: boolean;
}

/** Returns the pods of a workload, terminating ones included. */
export async function podsOf(
  ctx: CaseContext,
  { namespace, selector }: Pick<Workload, 'namespace' | 'selector'>,
): Promise<PodSeen[]> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = await ctx.kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return pods.map((pod) => {
    const { name, uid, deletionTimestamp } = PodView.parse(pod).metadata;
    return { name, uid, terminating: deletionTimestamp !== undefined };
  });
}

/** Returns the workload's pods as agents, to turn their readiness. */
export async function adoptAll(ctx: CaseContext, workload: Workload): Promise<Agent[]> {
  const pods = await podsOf(ctx, workload);
  return Promise.all(pods.map(({ name }) => ctx.adopt({ namespace: workload.namespace, name })));
}

/**
 * Waits until the rollout is complete and the pods of before are really gone: the tail after SIGTERM belongs to the
 * measurement. Returns the names of the pods that remain.
 */
export async function untilSteady(ctx: CaseContext, workload: Workload, replicas: number): Promise<string[]> {
  await ctx.kube.untilRolledOut(workload.ref, ctx.timeouts.workloadReadyMs);
  let names: string[] = [];
  const gone = { timeoutMs: ctx.timeouts.workloadReadyMs };
  await ctx.settle(
    `${workload.ref.name}: only its ${replicas} pods are left`,
    async () => {
      const pods = await podsOf(ctx, workload);
      names = pods.map((pod) => pod.name);
      return pods.length === replicas ? undefined : `${pods.length} pods: ${names.join(', ')}`;
    },
    gone,
  );
  return names;
}
