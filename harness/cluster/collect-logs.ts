import { timeoutsInForce } from '../base/timeouts.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { describeError } from '../base/errors.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { docker } from '../node/docker.ts';

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

const tailLines = 2_000;

/** Commands whose output explains a node, by the file it goes to. */
const nodeCommands: Readonly<Record<string, readonly string[]>> = {
  'kubelet.log': ['journalctl', '--no-pager', '-u', 'kubelet'],
  'containerd.log': ['journalctl', '--no-pager', '-u', 'containerd'],
  'network.txt': ['sh', '-c', 'ip -br addr; ip route; ip -6 route; ls /etc/cni/net.d; iptables-save | wc -l'],
};

/** Where logs can come from; a cluster that never answered has containers only. */
export interface LogSources {
  readonly folder: string;
  readonly kube?: Kube;
  /** Node containers, by name. */
  readonly containers: readonly string[];
}

/**
 * Writes what explains a failure to `<folder>/logs/`: node journals, events, system workloads as YAML, logs of pods
 * outside the run's own namespaces. Never throws; returns what could not be collected.
 */
export async function collectLogs({ folder, kube, containers }: LogSources): Promise<string[]> {
  const logs = join(folder, 'logs');
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => failures.push(`${what}: ${describeError(error)}`));
  };
  const jobs = containers.map((node) => attempt(`node ${node}`, () => nodeLogs(logs, node)));
  if (kube !== undefined) {
    jobs.push(attempt('events', () => events(logs, kube)));
    jobs.push(attempt('workloads', () => workloads(logs, kube)));
    jobs.push(attempt('pods', () => podLogs(logs, kube, attempt)));
  }
  const timer = new Promise<void>((late) => setTimeout(late, timeoutsInForce().collectLogsMs).unref());
  await Promise.race([Promise.all(jobs), timer]);
  return failures;
}

async function nodeLogs(logs: string, node: string): Promise<void> {
  const folder = join(logs, node);
  await mkdir(folder, { recursive: true });
  const options = { timeoutMs: timeoutsInForce().nodeCommandMs };
  const console = await docker(['logs', '--tail', String(tailLines), node], options);
  await writeFile(join(folder, 'console.log'), console.stdout + console.stderr);
  for (const [file, command] of Object.entries(nodeCommands)) {
    const { stdout, stderr } = await docker(['exec', node, ...command], options);
    await writeFile(join(folder, file), stdout + stderr);
  }
}

async function events(logs: string, kube: Kube): Promise<void> {
  const all = (await kube.list({ apiVersion: 'v1', kind: 'Event' })).map((event) => Event.parse(event));
  const lines = all.map(
    ({ lastTimestamp, eventTime, type, reason, message, involvedObject: { kind, namespace, name } }) => {
      const at = lastTimestamp ?? eventTime ?? '';
      return `${at} ${type ?? ''} ${kind ?? ''} ${namespace ?? ''}/${name ?? ''} ${reason ?? ''}: ${message ?? ''}`;
    },
  );
  await save(logs, 'events.txt', `${lines.sort().join('\n')}\n`);
}

async function workloads(logs: string, kube: Kube): Promise<void> {
  const kinds = ['DaemonSet', 'Deployment', 'StatefulSet'].map((kind) => ({ apiVersion: 'apps/v1', kind }));
  for (const query of [...kinds, { apiVersion: 'v1', kind: 'Node' }, { apiVersion: 'v1', kind: 'Pod' }]) {
    const objects = (await kube.list(query)).map(withoutManagedFields);
    await save(logs, `${query.kind.toLowerCase()}s.yaml`, objects.map((object) => stringify(object)).join('---\n'));
  }
}

async function podLogs(
  logs: string,
  kube: Kube,
  attempt: (what: string, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod' });
  const foreign = pods.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] !== 'ordeal');
  const texts = foreign.flatMap((pod) => {
    const { namespace = '', name = '' } = pod.metadata;
    const { containers, initContainers } = Containers.parse(pod).spec;
    return [...initContainers, ...containers].map(({ name: container }) =>
      attempt(`logs of ${namespace}/${name} ${container}`, async () => {
        const text = await kube.logs({ namespace, name, container }, { tailLines });
        await save(join(logs, 'pods'), `${namespace}_${name}_${container}.log`, text);
      }),
    );
  });
  await Promise.all(texts);
}

async function save(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), text);
}

function withoutManagedFields(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, managedFields: undefined } };
}
