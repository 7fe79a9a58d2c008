import type { JobObject, PodObject, ReplicatedObject, WorkloadObject } from './object-schema.ts';
import type { PodTemplate } from './pod-schema.ts';
import type { IdleWorkload, Labels, NodeModel } from './model-types.ts';

/** A pod, real or standing in for one that a workload would make, with the workloads it belongs to. */
export interface ModelledPod extends Pick<PodObject, 'metadata' | 'spec' | 'status'> {
  readonly workloads: readonly string[];
}

interface Owned {
  readonly kind: string;
  readonly metadata: PodObject['metadata'];
}

const keyOf = (kind: string, namespace: string, name: string) => `${kind} ${namespace}/${name}`;

/**
 * Returns the pods there are, and those that workloads without pods of their own would make: `web` for one replica,
 * `web-1`, `web-2` ... for several (real names end at random), `mq-0`, `mq-1` ... of a StatefulSet, one a node of a
 * DaemonSet. Finished pods and Jobs, and workloads with no replicas, have none.
 */
export function podsOfWorkloads(
  pods: readonly PodObject[],
  workloads: readonly WorkloadObject[],
  nodes: readonly Pick<NodeModel, 'name' | 'labels'>[],
): { pods: ModelledPod[]; idle: IdleWorkload[] } {
  const known = new Map(workloads.map((it) => [keyOf(it.kind, it.metadata.namespace, it.metadata.name), it]));
  const claimed = new Set([...pods, ...workloads].flatMap((it) => ancestors(it, known).map(({ key }) => key)));
  const namesOf = (it: Owned) => ancestors(it, known).map(({ name }) => name);
  const real = pods.filter(isAlive).map((pod) => ({ ...pod, workloads: namesOf(pod) }));
  const made = workloads.map((workload) => {
    const { namespace, name } = workload.metadata;
    const own = claimed.has(keyOf(workload.kind, namespace, name))
      ? { pods: [], why: 'whose pods are gone' }
      : standIns(workload, nodes);
    const names = [name, ...namesOf(workload)];
    return { ...own, pods: own.pods.map((pod) => ({ ...pod, workloads: names })), workload };
  });
  const all: ModelledPod[] = [...real, ...made.flatMap((it) => it.pods)];
  return { pods: all, idle: made.flatMap(({ workload, why }) => idleOf(workload, why, all)) };
}

function idleOf({ kind, metadata }: WorkloadObject, why: string, pods: readonly ModelledPod[]): IdleWorkload[] {
  const { namespace, name } = metadata;
  const alive = pods.some((it) => it.metadata.namespace === namespace && it.workloads.includes(name));
  return alive ? [] : [{ namespace, name, why: `${kind} ${why}` }];
}

function isAlive({ status }: PodObject): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

/** The workloads above an object, by its ownerReferences and, for what is not given, by how Kubernetes makes names. */
function ancestors(
  object: Owned,
  known: ReadonlyMap<string, WorkloadObject>,
  depth = 0,
): { key: string; name: string }[] {
  const { namespace, labels, ownerReferences } = object.metadata;
  return ownerReferences.flatMap(({ kind, name }) => {
    const key = keyOf(kind, namespace, name);
    const owner = known.get(key);
    const above = owner === undefined || depth > 5 ? impliedOwner(kind, name, labels) : undefined;
    const higher = owner === undefined ? [] : ancestors(owner, known, depth + 1);
    const implied = above === undefined ? [] : [{ key: keyOf(above.kind, namespace, above.name), name: above.name }];
    return [{ key, name }, ...implied, ...higher];
  });
}

/** `web-7d9` of a pod with the hash 7d9 is of Deployment `web`; `backup-29384400` is a run of CronJob `backup`. */
function impliedOwner(kind: string, name: string, labels: Labels): { kind: string; name: string } | undefined {
  const hash = labels['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  const run = /^(.+)-\d+$/.exec(name)?.[1];
  return kind === 'Job' && run !== undefined ? { kind: 'CronJob', name: run } : undefined;
}

interface StandIns {
  readonly pods: readonly Omit<ModelledPod, 'workloads'>[];
  /** Should there be none. */
  readonly why: string;
}

function standIns(workload: WorkloadObject, nodes: readonly Pick<NodeModel, 'name' | 'labels'>[]): StandIns {
  switch (workload.kind) {
    case 'DaemonSet':
      return daemons(workload, nodes);
    case 'StatefulSet':
      return stateful(workload);
    case 'Job':
      return jobPods(workload, workload.spec, finished(workload));
    case 'CronJob':
      return jobPods(workload, { ...workload.spec.jobTemplate.spec, suspend: workload.spec.suspend });
    default: {
      const { replicas = 1, template } = workload.spec;
      return { pods: numbered(workload, template, replicas), why: 'with replicas: 0' };
    }
  }
}

function stateful({ metadata, spec }: ReplicatedObject): StandIns {
  const { replicas = 1, template, serviceName, ordinals } = spec;
  const pods = Array.from({ length: replicas }, (_, at) => {
    const index = (ordinals?.start ?? 0) + at;
    const name = `${metadata.name}-${index}`;
    const labels = { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(index) };
    return podOf(metadata.namespace, name, template, labels, {
      hostname: name,
      ...(serviceName !== undefined && { subdomain: serviceName }),
    });
  });
  return { pods, why: 'with replicas: 0' };
}

function daemons({ metadata, spec }: ReplicatedObject, nodes: readonly Pick<NodeModel, 'name' | 'labels'>[]): StandIns {
  const { namespace, name } = metadata;
  const { template } = spec;
  if (nodes.length === 0) return { pods: [podOf(namespace, name, template)], why: '' };
  const wanted = Object.entries(template.spec.nodeSelector);
  const fitting = nodes.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  const pods = fitting.map((node) => podOf(namespace, `${name}-${node.name}`, template, {}, { nodeName: node.name }));
  return { pods, why: 'that no node fits' };
}

type JobSpec = Pick<JobObject['spec'], 'parallelism' | 'completions' | 'suspend' | 'template'>;

function jobPods(workload: WorkloadObject, spec: JobSpec, done = false): StandIns {
  const { parallelism = 1, completions = parallelism, suspend = false, template } = spec;
  if (done) return { pods: [], why: 'that has finished' };
  if (suspend) return { pods: [], why: 'that is suspended' };
  const job = workload.kind === 'Job' ? workload.metadata.name : undefined;
  const labels: Labels = job === undefined ? {} : { 'job-name': job, 'batch.kubernetes.io/job-name': job };
  return { pods: numbered(workload, template, Math.min(parallelism, completions), labels), why: 'that runs no pod' };
}

function finished({ status }: JobObject): boolean {
  const over = status.conditions.some(
    ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  return status.completionTime !== undefined || over;
}

function numbered({ metadata }: WorkloadObject, template: PodTemplate, count: number, labels: Labels = {}) {
  const { namespace, name } = metadata;
  return Array.from({ length: count }, (_, at) =>
    podOf(namespace, count === 1 ? name : `${name}-${at + 1}`, template, labels),
  );
}

function podOf(
  namespace: string,
  name: string,
  template: PodTemplate,
  labels: Labels = {},
  more: Partial<Pick<PodTemplate['spec'], 'hostname' | 'subdomain' | 'nodeName'>> = {},
): Omit<ModelledPod, 'workloads'> {
  const metadata = { namespace, name, labels: { ...template.metadata.labels, ...labels }, ownerReferences: [] };
  const status = { phase: undefined, ips: [], nodeIPs: [], ready: undefined };
  return { metadata, spec: { ...template.spec, ...more }, status };
}
