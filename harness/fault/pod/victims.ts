import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { netnsOf } from '../../node/netns.ts';
import { runOnNode } from '../../node/run.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultTarget } from '../driver.ts';

/** The pods a fault acts on. */
export const Pods = z
  .array(z.strictObject({ namespace: z.string(), name: z.string() }))
  .min(1)
  .describe('the pods it acts on');

/** A pod with a network of its own, and where that network is. */
export interface Victim {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  /** IPv4: echoes are measured over it. */
  readonly ip: string;
  readonly ips: readonly string[];
  /** Path of its network namespace on the node. */
  readonly netns: string;
  /** Its device in there. */
  readonly device: string;
  readonly mtu: number;
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

export const PodView = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    nodeName: z.string().optional(),
    hostNetwork: z.boolean().default(false),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        ports: z.array(z.looseObject({ containerPort: z.int(), protocol: z.string().default('TCP') })).default([]),
      }),
    ),
  }),
  status: z.looseObject({
    phase: z.string().default('Unknown'),
    podIP: z.string().optional(),
    podIPs: z.array(z.looseObject({ ip: z.string() })).default([]),
  }),
});
export type PodView = z.infer<typeof PodView>;

/** Returns how nodes are entered. @throws OrdealError FAULT where they cannot be. */
export function nodeAccess({ nodeExec }: FaultTarget, driver: string): NodeExec {
  if (nodeExec !== undefined) return nodeExec;
  throw new OrdealError('FAULT', `the fault ${driver} needs access to the nodes`, {
    remedy: 'A kind cluster that Ordeal made gives it (`ordeal run --keep --name NAME`).',
  });
}

/**
 * Returns the pods with all that a fault needs to know of them. @throws OrdealError USAGE for a pod that is not there or
 * lives in its node's network, FAULT for one that does not run.
 */
export async function findVictims(
  target: FaultTarget,
  driver: string,
  pods: z.infer<typeof Pods>,
): Promise<readonly Victim[]> {
  const exec = nodeAccess(target, driver);
  return Promise.all(
    pods.map(async ({ namespace, name }) => {
      const found = await target.kube.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
      if (found === undefined) throw new OrdealError('USAGE', `the fault ${driver}: no pod ${namespace}/${name}`);
      return locate(exec, driver, PodView.parse(found));
    }),
  );
}

async function locate(exec: NodeExec, driver: string, { metadata, spec, status }: PodView): Promise<Victim> {
  const about = `the fault ${driver}: pod ${metadata.namespace}/${metadata.name}`;
  if (spec.hostNetwork) throw new OrdealError('USAGE', `${about} has its node's network; it would hit the whole node`);
  const ips = [
    ...new Set([...status.podIPs.map(({ ip }) => ip), ...(status.podIP === undefined ? [] : [status.podIP])]),
  ];
  const ip = ips.find((one) => !one.includes(':'));
  if (spec.nodeName === undefined || status.phase !== 'Running') {
    throw new OrdealError('FAULT', `${about} does not run: its phase is ${status.phase}`);
  }
  if (ip === undefined) throw new OrdealError('FAULT', `${about} has no IPv4 address, over which effects are measured`);
  const netns = await netnsOf(exec, spec.nodeName, ip);
  const { device, mtu } = await deviceIn(exec, spec.nodeName, { netns, ip });
  const ports = spec.containers.flatMap((one) =>
    one.ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
  );
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    node: spec.nodeName,
    ip,
    ips,
    netns,
    device,
    mtu,
    ports,
  };
}

async function deviceIn(exec: NodeExec, node: string, { netns, ip }: { netns: string; ip: string }) {
  const look = `set -e; d=$(ip -o addr show to ${ip} | awk '{ print $2; exit }'); echo $d; ip -o link show dev $d`;
  const said = await runOnNode(exec, node, `find the device of ${ip}`, ['nsenter', `--net=${netns}`, 'sh', '-c', look]);
  const [device = '', link = ''] = said.split('\n');
  const mtu = /\bmtu (\d+)/.exec(link)?.[1];
  if (!/^[\w.@-]+$/.test(device) || mtu === undefined) {
    throw new OrdealError('FAULT', `node ${node} does not say which device of ${netns} has ${ip}: ${said.trim()}`);
  }
  return { device, mtu: Number(mtu) };
}
