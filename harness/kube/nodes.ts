import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { poll } from './poll.ts';
import type { Kube } from './types.ts';
import type { StepReport } from '../base/progress.ts';

export interface NodeInfo {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly ip: string;
  readonly ips: readonly string[];
  readonly zone: string;
  readonly kernel: string;
  readonly schedulable: boolean;
  /** Why a run sends no more pods there: the kubelet's words on a pod that got no network. */
  readonly podTrouble?: string;
}

const Node = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    unschedulable: z.boolean().default(false),
    taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).default([]),
    podCIDRs: z.array(z.string()).default([]),
  }),
  status: z.looseObject({
    addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).default([]),
    conditions: z
      .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
      .default([]),
    nodeInfo: z.looseObject({ kernelVersion: z.string(), kubeletVersion: z.string(), bootID: z.string().default('') }),
    allocatable: z.looseObject({ cpu: z.string().default('0') }).default({ cpu: '0' }),
  }),
});
export type Node = z.infer<typeof Node>;

const controlPlaneLabel = 'node-role.kubernetes.io/control-plane';
const zoneLabel = 'topology.kubernetes.io/zone';

/** Returns the cluster's nodes, by name. */
export async function listNodes(kube: Kube): Promise<Node[]> {
  const nodes = (await kube.list({ apiVersion: 'v1', kind: 'Node' })).map((node) => Node.parse(node));
  return nodes.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** Returns what a run needs to know of a node. Its zone is '' where nodes carry no zone label. */
export function nodeInfo({ metadata, spec, status }: Node): NodeInfo {
  const ips = status.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
  const closed = spec.taints.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
  return {
    name: metadata.name,
    role: controlPlaneLabel in metadata.labels ? 'control-plane' : 'worker',
    ip: ips[0] ?? '',
    ips,
    zone: metadata.labels[zoneLabel] ?? '',
    kernel: status.nodeInfo.kernelVersion,
    schedulable: !spec.unschedulable && !closed,
  };
}

/**
 * Waits until `count` nodes are Ready and untainted by the node controller: kind's own wait only warns.
 * @throws OrdealError API_WAIT naming the nodes and what they say.
 */
export async function untilNodesReady(kube: Kube, count: number, timeoutMs: number, report: StepReport): Promise<void> {
  let troubles: string[] = [];
  const ready = await poll(timeoutMs, async () => {
    const nodes = await listNodes(kube);
    troubles = nodes.flatMap((node) => nodeTrouble(node) ?? []);
    report(`${nodes.length - troubles.length} of ${count} nodes ready`);
    return nodes.length >= count && troubles.length === 0 ? true : undefined;
  });
  if (ready === true) return;
  const seen = troubles.length === 0 ? 'fewer nodes than that have joined' : troubles.join('; ');
  throw new OrdealError('API_WAIT', `not all ${count} nodes are ready after ${timeoutMs} ms: ${seen}`);
}

/** Returns what keeps a node from taking pods and traffic; undefined for one that is Ready. */
export function nodeTrouble({ metadata, spec, status }: Node): string | undefined {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') return `${metadata.name}: ${ready?.message ?? 'no Ready condition yet'}`;
  const taint = spec.taints.find(({ key }) => key.startsWith('node.kubernetes.io/not-ready'));
  return taint === undefined ? undefined : `${metadata.name}: still tainted ${taint.key}`;
}

/** Returns the union of the pod ranges that nodes were given. */
export function podCidrsOf(nodes: readonly Node[]): string[] {
  return [...new Set(nodes.flatMap(({ spec }) => spec.podCIDRs))];
}

/**
 * Returns how many CPUs the pods of schedulable nodes have, in cores. Nodes that are containers of one machine, as kind
 * makes them, share its boot id, and each tells of the whole machine: it counts once. 0 where nodes do not say.
 */
export function cpusOf(nodes: readonly Node[]): number {
  const open = nodes.filter((node) => nodeInfo(node).schedulable);
  const machines = Map.groupBy(open, ({ metadata, status }) => status.nodeInfo.bootID || metadata.name);
  const cores = ({ status }: Node) => coresOf(status.allocatable.cpu);
  return [...machines.values()].reduce((sum, machine) => sum + Math.max(...machine.map(cores)), 0);
}

const parts: Readonly<Record<string, number>> = { '': 1, m: 1e-3, u: 1e-6, n: 1e-9, k: 1e3 };

/** Of `2`, `1930m` and the other decimal forms of a quantity; 0 for what is none. */
function coresOf(quantity: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d*)?)([munk]?)$/.exec(quantity) ?? [];
  return Number(amount ?? 0) * (parts[unit] ?? 0);
}
