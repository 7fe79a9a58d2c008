import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import { losePackets } from '../pod/nft.ts';
import { namesOf } from '../pod/plan.ts';
import { atEach } from '../pod/effects.ts';
import { findVictims, nodeAccess, Pods, type Victim } from '../pod/victims.ts';

const Params = z.strictObject({ pods: Pods });
type Params = z.infer<typeof Params>;

const Port = z.union([z.int(), z.string()]);
const Probe = z.looseObject({
  httpGet: z.looseObject({ port: Port }).optional(),
  tcpSocket: z.looseObject({ port: Port }).optional(),
  grpc: z.looseObject({ port: Port }).optional(),
});
const PodView = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        ports: z.array(z.looseObject({ name: z.string().default(''), containerPort: z.int() })).default([]),
        readinessProbe: Probe.optional(),
        livenessProbe: Probe.optional(),
      }),
    ),
  }),
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
  }),
});
type PodView = z.infer<typeof PodView>;

/**
 * Has pods fail their readiness probe: what their own node sends to the port that is probed is lost, so Services leave them
 * out while they serve everybody else. Seen by the condition Ready.
 */
export const unready: FaultDriver<Params> = {
  name: 'unready',
  summary: 'has pods fail their readiness probe, so that Services leave them out',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const exec = nodeAccess(target, 'unready');
    const victims = await findVictims(target, 'unready', params.pods);
    const cuts = await Promise.all(
      victims.map(async (victim) => {
        const port = probedPort(await view(target, victim), victim);
        const peers = await ownAddresses(exec, victim.node);
        const filter = { direction: 'ingress', protocol: 'tcp', ports: [port], peers } as const;
        return losePackets(exec, [victim], { filter });
      }),
    );
    return {
      title: `readiness of ${namesOf(victims)} fails`,
      way: cuts[0]?.way ?? 'nftables',
      acts: (id) => cuts.flatMap(({ acts }) => acts(id)),
      effect: atEach(victims, async (victim) => {
        const { conditions } = (await view(target, victim)).status;
        const ready = conditions.find(({ type }) => type === 'Ready')?.status === 'True';
        return { present: !ready, seen: `pod ${victim.namespace}/${victim.name} is ${ready ? 'ready' : 'not ready'}` };
      }),
    };
  },
};

async function view({ kube }: FaultTarget, { namespace, name }: Victim): Promise<PodView> {
  return PodView.parse(await kube.get({ apiVersion: 'v1', kind: 'Pod', namespace, name }));
}

/** @throws OrdealError USAGE for a pod that is not probed over the network, or would be killed as well. */
function probedPort({ spec }: PodView, { namespace, name }: Victim): number {
  const refuse = (why: string) => new OrdealError('USAGE', `the fault unready: pod ${namespace}/${name} ${why}`);
  const one = spec.containers.find(({ readinessProbe }) => readinessProbe !== undefined);
  const portOf = (probe: z.infer<typeof Probe> | undefined) => {
    const port = (probe?.httpGet ?? probe?.tcpSocket ?? probe?.grpc)?.port;
    return typeof port === 'string' ? one?.ports.find((named) => named.name === port)?.containerPort : port;
  };
  const port = portOf(one?.readinessProbe);
  if (port === undefined) throw refuse('has no readiness probe over the network that could be made to fail');
  const live = spec.containers.some(({ livenessProbe }) => portOf(livenessProbe) === port);
  if (live) throw refuse(`has a liveness probe at the same port ${port}, and would be restarted`);
  return port;
}

/** Every address the kubelet may probe from: which one it is depends on the CNI. */
async function ownAddresses(exec: NodeExec, node: string): Promise<string[]> {
  const said = await runOnNode(exec, node, 'list its addresses', ['ip', '-o', 'addr', 'show', 'scope', 'global']);
  return [...new Set([...said.matchAll(/ inet6? ([0-9a-f.:]+)\//g)].flatMap(([, ip]) => ip ?? []))];
}
