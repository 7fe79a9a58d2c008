import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { CniName } from '../../../clusters/names.ts';
import { describeError } from '../../base/errors.ts';
import { timeoutsInForce } from '../../base/timeouts.ts';
import type { Kube, KubeObject } from '../../kube/types.ts';
import { LogFolder } from './log-folder.ts';
import { nodeLogs, tailLines } from './node-logs.ts';
import { type LogScene, type LogScope, ofRun, wholeCluster } from './scope.ts';
import { withoutSecrets } from './without-secrets.ts';

const Containers = z.looseObject({
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string() })),
    initContainers: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
});
const Event = z.looseObject({
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  involvedObject: z.looseObject({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
  }),
});

/** Where logs can come from; a cluster that never answered has containers only. */
export interface LogSources {
  /** The run's. */
  readonly folder: string;
  readonly runId: string;
  readonly scope: LogScope;
  readonly kube: Kube | undefined;
  /** Node containers, by name; of a cluster that Ordeal made. */
  readonly containers: readonly string[];
  /** The CNI of a cluster that is somebody's; absent where Ordeal made it, and all in it may be read. */
  readonly theirs?: { readonly cni: CniName };
}

/**
 * Writes what explains a failure to `<folder>/logs/`, which only its owner can read: events, pods and workloads as YAML
 * without secrets, logs of pods, node journals. Never throws; returns what could not be collected.
 */
export async function collectLogs(sources: LogSources): Promise<string[]> {
  const { folder, kube, containers, scope } = sources;
  if (scope === 'none') return [];
  const logs = new LogFolder(join(folder, 'logs'));
  const attempt: Attempt = async (what, work) => {
    await work().catch((error: unknown) => logs.failures.push(`${what}: ${describeError(error)}`));
  };
  const jobs = scope === 'system' ? containers.map((node) => attempt(`node ${node}`, () => nodeLogs(logs, node))) : [];
  if (kube !== undefined) jobs.push(attempt('cluster', () => clusterLogs(logs, kube, sources, attempt)));
  await inTime(jobs, logs);
  await logs.finish().catch((error: unknown) => logs.failures.push(describeError(error)));
  return logs.failures;
}

type Attempt = (what: string, work: () => Promise<void>) => Promise<void>;

async function inTime(jobs: readonly Promise<void>[], logs: LogFolder): Promise<void> {
  const { collectLogsMs } = timeoutsInForce();
  const timer = new AbortController();
  const late = pause(collectLogsMs, 'late', { signal: timer.signal, ref: false }).catch(() => 'stopped');
  const ended = await Promise.race([Promise.all(jobs), late]);
  timer.abort();
  if (ended === 'late') logs.failures.push(`what came after ${collectLogsMs} ms`);
}

async function clusterLogs(logs: LogFolder, kube: Kube, sources: LogSources, attempt: Attempt): Promise<void> {
  const { theirs, scope, runId } = sources;
  const scene =
    theirs === undefined && scope === 'system'
      ? await wholeCluster(kube)
      : await ofRun(kube, runId, scope, theirs?.cni ?? 'other');
  await Promise.all([
    attempt('events', () => logs.write('events.txt', eventLines(scene))),
    ...(['pods', 'workloads', 'nodes'] as const).map((kind) =>
      attempt(kind, () =>
        logs.write(`${kind}.yaml`, scene[kind].map((one) => stringify(withoutSecrets(one))).join('---\n')),
      ),
    ),
    ...scene.pods.flatMap((pod) =>
      containersOf(pod).map((name) => attempt(`logs of ${name}`, () => podLog(logs, kube, pod, name))),
    ),
  ]);
}

function eventLines({ events }: LogScene): string {
  const lines = events.map((event) => {
    const { lastTimestamp, eventTime, type, reason, message, involvedObject } = Event.parse(event);
    const { kind, namespace, name } = involvedObject;
    const at = lastTimestamp ?? eventTime ?? '';
    return `${at} ${type ?? ''} ${kind ?? ''} ${namespace ?? ''}/${name ?? ''} ${reason ?? ''}: ${message ?? ''}`;
  });
  return `${lines.sort().join('\n')}\n`;
}

function containersOf(pod: KubeObject): string[] {
  const { containers, initContainers } = Containers.parse(pod).spec;
  return [...initContainers, ...containers].map(({ name }) => name);
}

async function podLog(logs: LogFolder, kube: Kube, { metadata }: KubeObject, container: string): Promise<void> {
  const { namespace = '', name = '' } = metadata;
  const text = await kube.logs({ namespace, name, container }, { tailLines, limitBytes: 8 * 2 ** 20 });
  await logs.write(join('pods', `${namespace}_${name}_${container}.log`), text);
}
