import { timeoutsInForce } from '../base/timeouts.ts';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { isMarkAlive, processMark } from '../base/process-alive.ts';
import { managedBy, runLabel } from '../kube/objects.ts';
import { docker, dockerLines, dockerOk } from '../node/docker.ts';

const clusterLabel = 'ordeal.dev/cluster';
const ownerLabel = 'ordeal.dev/owner';
const keptLabel = 'ordeal.dev/kept';
/** kind's own label on node containers: the cluster's name. */
export const kindLabel = 'io.x-k8s.kind.cluster';

/** A cluster of ours, by the mark it left in Docker. */
export interface OwnedCluster {
  readonly name: string;
  readonly network: string;
  readonly runId: string;
  /** Whether the process that made it still runs. */
  readonly ownerAlive: boolean;
  readonly kept: boolean;
}

/**
 * Claims a cluster name before anything is created under it: kind cannot label containers, so each cluster gets a
 * Docker network of its own, and that network carries the labels. What is attached to it is ours; nothing else is.
 * @throws OrdealError USAGE when containers or a claim of that name exist already.
 */
export async function reserveCluster(wanted: {
  name: string;
  runId: string;
  kept: boolean;
  dualStack: boolean;
}): Promise<OwnedCluster> {
  const { name, runId, kept } = wanted;
  await requireFreeName(name);
  const marks = { ...managedBy, [runLabel]: runId, [clusterLabel]: name, [ownerLabel]: processMark() };
  const labels = Object.entries({ ...marks, [keptLabel]: String(kept) });
  const made = await docker([
    ...['network', 'create', '--driver', 'bridge', '-o', 'com.docker.network.bridge.enable_ip_masquerade=true'],
    ...(wanted.dualStack ? ['--ipv6', '--subnet', uniqueSubnet(runId)] : []),
    ...labels.flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    networkOf(name),
  ]);
  if (made.code === 0) return { name, network: networkOf(name), runId, kept, ownerAlive: true };
  if (made.stderr.includes('already exists')) throw taken(name, 'another run is making it right now');
  throw new OrdealError('ENVIRONMENT', `Docker cannot make a network for cluster ${name}: ${made.stderr.trim()}`);
}

/** Returns the name of the network that carries the claim on a cluster. */
export function networkOf(name: string): string {
  return name.startsWith('ordeal-') ? name : `ordeal-${name}`;
}

/** @throws OrdealError USAGE when containers or a claim of that name exist already. */
export async function requireFreeName(name: string): Promise<void> {
  const containers = await containersOf(name);
  const ours = (await ownedClusters()).find((cluster) => cluster.name === name);
  if (ours !== undefined) throw taken(name, ours.ownerAlive ? 'a running Ordeal uses it' : 'an earlier Ordeal left it');
  if (containers.length > 0) throw taken(name, 'it is not ours, so it is left alone');
}

function taken(name: string, why: string): OrdealError {
  return new OrdealError('USAGE', `there is a kind cluster named ${name} already: ${why}`, {
    remedy: 'Choose another name with --name; `ordeal clean` removes what earlier runs of Ordeal left.',
  });
}

/** Returns the ids of the node containers of a kind cluster, stopped ones included. */
async function containersOf(name: string): Promise<string[]> {
  return dockerLines(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${kindLabel}=${name}`]);
}

/** Returns the names of the node containers of a kind cluster, which are its nodes' names. */
export async function nodeNames(name: string): Promise<string[]> {
  return dockerLines(['ps', '--all', '--format', '{{.Names}}', '--filter', `label=${kindLabel}=${name}`]);
}

const Labels = z.record(z.string(), z.string());

/** Returns all clusters that carry our mark, whatever became of the runs that made them. */
export async function ownedClusters(): Promise<OwnedCluster[]> {
  const filter = Object.entries(managedBy).map(([key, value]) => `label=${key}=${value}`);
  const ids = await dockerLines([
    'network',
    'ls',
    '--quiet',
    '--no-trunc',
    ...filter.flatMap((it) => ['--filter', it]),
  ]);
  if (ids.length === 0) return [];
  const format = '{{json .Labels}} {{.Name}}';
  return (await dockerLines(['network', 'inspect', '--format', format, ...ids])).flatMap(readClaim);
}

function readClaim(line: string): OwnedCluster[] {
  const cut = line.lastIndexOf(' ');
  const labels = Labels.parse(JSON.parse(line.slice(0, cut)));
  const name = labels[clusterLabel];
  if (name === undefined) return [];
  const ownerAlive = isMarkAlive(labels[ownerLabel] ?? '');
  const runId = labels[runLabel] ?? '';
  return [{ name, network: line.slice(cut + 1), runId, ownerAlive, kept: labels[keptLabel] === 'true' }];
}

/**
 * Removes a cluster of ours: the containers on its network that kind made under its name, their volumes, the network.
 * Waits until Docker lists none of it. A creation that was cut short may still add a container: hence the repetition.
 * @throws OrdealError CLUSTER naming what stays.
 */
export async function removeCluster({ name, network }: OwnedCluster, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const ids = await attachedContainers(name, network);
    if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids], { timeoutMs });
    const { code, stderr } = await docker(['network', 'rm', network], { timeoutMs });
    if (code === 0 || /not found|No such network/i.test(stderr)) return;
    if (performance.now() > deadline) throw left(name, stderr);
    await pause(300);
  }
}

async function attachedContainers(name: string, network: string): Promise<string[]> {
  // Nodes carry kind's label, what a case put beside them carries ours.
  const marks = [`${kindLabel}=${name}`, ...Object.entries(managedBy).map(([key, value]) => `${key}=${value}`)];
  const list = ['ps', '--all', '--quiet', '--no-trunc'];
  const found = await Promise.all(
    marks.map((mark) => dockerLines([...list, '--filter', `label=${mark}`, '--filter', `network=${network}`])),
  );
  return [...new Set(found.flat())];
}

function left(name: string, said: string): OrdealError {
  return new OrdealError('CLUSTER', `cluster ${name} could not be removed: ${said.trim().slice(0, 300)}`, {
    remedy: `Remove the containers that use network ${networkOf(name)}, then run \`ordeal clean\`.`,
  });
}

/** A unique local IPv6 range, drawn from the run id. */
function uniqueSubnet(runId: string): string {
  const hex = createHash('sha256').update(runId).digest('hex');
  return `fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6, 10)}:${hex.slice(10, 14)}::/64`;
}

/** Returns whether Docker answers at all. @throws OrdealError ENVIRONMENT with the remedy. */
export async function requireDocker(): Promise<void> {
  await dockerOk(['version', '--format', '{{.Server.Version}}'], { timeoutMs: timeoutsInForce().hostCommandMs });
}
