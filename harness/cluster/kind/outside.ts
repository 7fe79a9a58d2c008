import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, OrdealError } from '../../base/errors.ts';
import { poll } from '../../kube/poll.ts';
import { managedBy, runLabel } from '../../kube/objects.ts';
import { docker, dockerOk } from '../../node/docker.ts';
import { bundleAgent } from '../../probe/bundle.ts';
import { connectAgent, type FleetAgent } from '../../probe/client.ts';
import { agentPath, type AgentTransport, askByExec, defaultControlPort } from '../../probe/transport.ts';
import type { AgentPort } from '../../probe/types.ts';
import type { Timeouts } from '../../base/timeouts.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { networkOf } from '../ownership.ts';
import type { Outside } from '../types.ts';

export interface OutsideOptions {
  /** By name: what is attached to its own Docker network goes with it. */
  readonly cluster: string;
  readonly image: string;
  /** They have the image, which Docker itself may not have. */
  readonly nodes: readonly NodeInfo[];
  readonly runId: string;
  readonly timeouts: Timeouts;
}

/** Returns what starts agents on the cluster's network that are no part of the cluster. */
export function outsideOf(options: OutsideOptions): Outside {
  const { hostCommandMs: timeoutMs } = options.timeouts;
  const started = new Map<string, FleetAgent>();
  let image: Promise<void> | undefined;
  const containerOf = (name: string) => `${options.runId}-${name}`;
  return {
    start: async (name, ports) => {
      await (image ??= requireImage(options));
      await startContainer(options, containerOf(name), { name, ports });
      const agent = await connectTo(options, containerOf(name), name);
      started.set(name, agent);
      await untilAnswering(agent, options.timeouts);
      return agent;
    },
    stop: async (name) => {
      started.get(name)?.close();
      await docker(['rm', '--force', '--volumes', containerOf(name)], { timeoutMs });
    },
  };
}

const packImage = `
at=$(mktemp -d)
ctr --namespace=k8s.io images mount "$1" "$at" >/dev/null
tar -C "$at" -cf "$2" .
ctr --namespace=k8s.io images unmount --rm "$at" >/dev/null
`;

/**
 * Gives Docker the image that the nodes have, once: as they have it unpacked, for what is built into a node's image keeps
 * no layers to export.
 */
async function requireImage({ image, nodes, timeouts }: OutsideOptions): Promise<void> {
  const { code } = await docker(['image', 'inspect', image], { timeoutMs: timeouts.hostCommandMs });
  if (code === 0) return;
  const timeoutMs = timeouts.imageImportMs;
  const node = nodes[0]?.name ?? '';
  const inNode = '/var/lib/ordeal-outside.tar';
  await withFolder(async (folder) => {
    await dockerOk(['exec', node, 'sh', '-ec', packImage, 'sh', image, inNode], { timeoutMs });
    await dockerOk(['cp', `${node}:${inNode}`, join(folder, 'image.tar')], { timeoutMs });
    await dockerOk(['exec', node, 'rm', '-f', inNode], { timeoutMs });
    await dockerOk(['import', join(folder, 'image.tar'), image], { timeoutMs });
  });
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-outside-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface AgentConfig {
  readonly name: string;
  readonly ports: readonly AgentPort[];
}

async function startContainer(options: OutsideOptions, container: string, config: AgentConfig): Promise<void> {
  const { cluster, image, runId, timeouts } = options;
  const timeoutMs = timeouts.hostCommandMs;
  const marks = Object.entries({ ...managedBy, [runLabel]: runId });
  const labels = marks.flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const env = ['--env', `ORDEAL_AGENT=${JSON.stringify(config)}`];
  const place = ['--name', container, '--network', networkOf(cluster)];
  const command = ['--entrypoint', '/usr/local/bin/node', image, agentPath];
  await dockerOk(['create', ...place, ...labels, ...env, ...command], { timeoutMs });
  await copyAgent(container, timeoutMs);
  await dockerOk(['start', container], { timeoutMs });
}

async function connectTo({ cluster, timeouts }: OutsideOptions, container: string, name: string) {
  const ip = await addressOf(container, networkOf(cluster), timeouts.hostCommandMs);
  const identity = { name, namespace: 'outside', node: 'outside', ip, ips: [ip] };
  return connectAgent(identity, execTransport(container), timeouts.controlMs);
}

/** By its own file, not by a mount: the Docker daemon need not see this machine's files. */
function copyAgent(container: string, timeoutMs: number): Promise<void> {
  return withFolder(async (folder) => {
    // The image's user is not root, and what is copied keeps its mode.
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'agent.cjs'), (await bundleAgent()).code);
    await dockerOk(['cp', `${folder}/.`, `${container}:/ordeal`], { timeoutMs });
  });
}

async function addressOf(container: string, network: string, timeoutMs: number): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks ${JSON.stringify(network)}).IPAddress}}`;
  const ip = (await dockerOk(['inspect', '--format', format, container], { timeoutMs })).trim();
  if (ip !== '') return ip;
  const { stdout, stderr } = await docker(['logs', '--tail', '20', container], { timeoutMs });
  const said = `${stdout}${stderr}`.trim().slice(-300);
  throw new OrdealError('CLUSTER', `container ${container} has no address on network ${network}; it said: ${said}`);
}

/** Its control server listens on the container's loopback: only who may enter the container can ask. */
function execTransport(container: string): AgentTransport {
  return {
    open: () => Promise.reject(new Error('a container outside is asked by exec only')),
    ask: askByExec(container, defaultControlPort, (argv, how) =>
      docker(['exec', '--interactive', container, ...argv], how),
    ),
  };
}

async function untilAnswering(agent: { ping(timeoutMs: number): Promise<void> }, timeouts: Timeouts): Promise<void> {
  let last: unknown;
  const answered = await poll(timeouts.podReadyMs, async () => {
    try {
      await agent.ping(timeouts.controlMs);
      return true;
    } catch (error) {
      last = error;
      return undefined;
    }
  });
  if (answered === undefined) throw new OrdealError('AGENT', `an agent outside did not start: ${describeError(last)}`);
}
