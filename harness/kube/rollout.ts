import { z } from 'zod';
import type { KubeObject } from './types.ts';

const count = z.int().default(0);
const Workload = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ generation: count }),
  spec: z.looseObject({
    replicas: z.int().default(1),
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
    })
    .prefault({}),
});
type Workload = z.infer<typeof Workload>;

/**
 * Returns undefined when a Deployment, DaemonSet or StatefulSet is fully rolled out and available, else one line saying
 * what is still missing. Same conditions as `kubectl rollout status`, plus: no pod of an old revision is left.
 */
export function rolloutGap(object: KubeObject | undefined): string | undefined {
  if (object === undefined) return 'it does not exist';
  const workload = Workload.parse(object);
  if (workload.status.observedGeneration < workload.metadata.generation) return 'its controller has not seen it yet';
  if (workload.kind === 'DaemonSet') return daemonSetGap(workload);
  return workload.kind === 'StatefulSet' ? statefulSetGap(workload) : deploymentGap(workload);
}

/** Returns the label selector of a workload's pods, as a query; empty when it selects by expressions only. */
export function podSelector(object: KubeObject): string {
  const labels = Workload.safeParse(object).data?.spec.selector?.matchLabels ?? {};
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function deploymentGap({ spec, status }: Workload): string | undefined {
  if (status.updatedReplicas < spec.replicas) return `${status.updatedReplicas} of ${spec.replicas} updated`;
  if (status.replicas > status.updatedReplicas) return `${status.replicas - status.updatedReplicas} old pods remain`;
  if (status.availableReplicas < spec.replicas) return `${status.availableReplicas} of ${spec.replicas} available`;
  return undefined;
}

function statefulSetGap({ spec, status }: Workload): string | undefined {
  if (status.readyReplicas < spec.replicas) return `${status.readyReplicas} of ${spec.replicas} ready`;
  if (status.updateRevision !== status.currentRevision) return `${status.updatedReplicas} of ${spec.replicas} updated`;
  if (status.availableReplicas < spec.replicas) return `${status.availableReplicas} of ${spec.replicas} available`;
  return undefined;
}

function daemonSetGap({ status }: Workload): string | undefined {
  const wanted = status.desiredNumberScheduled;
  if (status.updatedNumberScheduled < wanted) return `${status.updatedNumberScheduled} of ${wanted} updated`;
  if (status.numberAvailable < wanted) return `${status.numberAvailable} of ${wanted} available`;
  return undefined;
}

const ContainerState = z.looseObject({
  name: z.string(),
  ready: z.boolean().default(false),
  state: z.looseObject({
    waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
    terminated: z.looseObject({ reason: z.string().optional() }).optional(),
  }),
});
const Condition = z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() });
const PodStatus = z.looseObject({
  phase: z.string().optional(),
  conditions: z.array(Condition).default([]),
  containerStatuses: z.array(ContainerState).default([]),
  initContainerStatuses: z.array(ContainerState).default([]),
});

/** Returns one line on why a pod is not ready (`x/a: ImagePullBackOff: ...`), or undefined when it is. */
export function podTrouble(pod: KubeObject): string | undefined {
  const { phase, conditions, containerStatuses, initContainerStatuses } = PodStatus.parse(pod['status'] ?? {});
  const condition = (type: string) => conditions.find((one) => one.type === type);
  if (condition('Ready')?.status === 'True') return undefined;
  const waiting = [...initContainerStatuses, ...containerStatuses].flatMap(containerTrouble);
  const unplaced = condition('PodScheduled')?.status === 'False' ? condition('PodScheduled')?.message : undefined;
  const why = waiting.length > 0 ? waiting.join(', ') : (unplaced ?? condition('Ready')?.message ?? phase);
  return `${pod.metadata.name ?? 'a pod'}: ${why ?? 'no status yet'}`;
}

function containerTrouble({ name, ready, state }: z.infer<typeof ContainerState>): string[] {
  const { waiting, terminated } = state;
  if (ready || terminated?.reason === 'Completed') return [];
  const reason = waiting?.reason ?? terminated?.reason;
  if (reason === undefined) return [];
  return [`${name} ${reason}${waiting?.message === undefined ? '' : ` (${waiting.message.slice(0, 160)})`}`];
}
