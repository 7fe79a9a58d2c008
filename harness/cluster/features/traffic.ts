import { z } from 'zod';
import { describeError } from '../../base/errors.ts';
import { namespace as namespaceObject, networkPolicy, ownedLabels, service } from '../../kube/objects.ts';
import { poll } from '../../kube/poll.ts';
import { adopt, agentPodTemplate, startAgents, type FleetContext } from '../../probe/fleet.ts';
import type { Agent, ProbeResult } from '../../probe/types.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { seen, type Detector, type Observation, type DetectionContext } from './types.ts';

const port = 80;
const openMs = 4_000;
/** Clear of NodePorts, of ephemeral ports and of the ports of agents on the node's network. */
const firstHostPort = 28_000;

const Stored = z.looseObject({
  spec: z.looseObject({ clusterIP: z.string(), ports: z.array(z.looseObject({ nodePort: z.int() })) }),
});

/** What only traffic can show: three pods, a Service, a policy, all in one namespace that goes away afterwards. */
export const traffic: Detector = {
  features: ['NetworkPolicy', 'Hairpin', 'NodePort', 'HostPort'],
  detect: async (context) => {
    const name = `ord-${context.runId.slice(-6)}-detect`;
    const { kube, timeouts } = context;
    await kube.apply(namespaceObject(name, ownedLabels(context.runId)));
    try {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default' };
      await kube.until(account, 'made', timeouts.podReadyMs, (object) => object !== undefined);
      return await look(context, name);
    } finally {
      await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name });
    }
  },
};

interface Bed {
  readonly context: DetectionContext;
  readonly fleet: FleetContext;
  readonly namespace: string;
  readonly client: Agent;
  readonly near: NodeInfo;
  readonly far: NodeInfo;
}

async function look(context: DetectionContext, namespace: string): Promise<Observation[]> {
  const { kube, agentImage, runId, timeouts, signal } = context;
  const fleet: FleetContext = { kube, agentImage, runId, timeouts, signal };
  const hosts = context.facts.nodes.filter(({ schedulable }) => schedulable);
  const [near, far = near] = hosts;
  if (near === undefined || far === undefined) return nothing('no node takes pods');
  const spec = (name: string, node: NodeInfo) => ({
    ...{ name, namespace, node: node.name, labels: { app: name } },
    ports: [{ port, protocol: 'TCP' as const }],
  });
  const clusterIp = kube.apply(
    service({ name: 'server', namespace, selector: { app: 'server' }, ports: [{ port }], spec: { type: 'NodePort' } }),
  );
  const specs = [spec('client', near), spec('server', far), spec('guarded', far)];
  const exposed = { name: 'host-port', namespace, node: far.name };
  const published = publish(fleet, exposed).catch((error: unknown) => describeError(error));
  const [stored, agents] = await Promise.all([clusterIp, startAgents(fleet, specs)]);
  const [client, server, guarded] = agents;
  if (client === undefined || server === undefined || guarded === undefined) return nothing('probe pods did not start');
  const bed: Bed = { context, fleet, namespace, client, near, far };
  const { clusterIP, ports } = Stored.parse(stored).spec;
  try {
    return await Promise.all([
      policy(bed, guarded),
      hairpin(server, clusterIP),
      nodePort(bed, ports[0]?.nodePort ?? 0),
      published.then((where) => hostPort(bed, where)),
    ]);
  } finally {
    for (const agent of agents) agent.close();
  }
}

function nothing(why: string): Observation[] {
  return traffic.features.map((feature) => seen(feature, false, why));
}

async function ask(agent: Agent, host: string, toPort: number, timeoutMs = 500): Promise<ProbeResult> {
  const [result] = await agent.probe([{ kind: 'tcp', host, port: toPort, timeoutMs }]);
  return result ?? { verdict: 'inconclusive', elapsedUs: 0, error: 'no result' };
}

/** Returns the first `open`, else what was seen last: endpoints and rules take a moment to spread. */
async function untilOpen(agent: Agent, host: string, toPort: number): Promise<ProbeResult> {
  let last: ProbeResult | undefined;
  await poll(openMs, async () => {
    last = await ask(agent, host, toPort);
    return last.verdict === 'open' ? true : undefined;
  });
  return last ?? { verdict: 'inconclusive', elapsedUs: 0 };
}

/** A declared engine gets the time a settle gets; where nobody claims one, the waiting is short. */
function policyMs({ declared, timeouts }: DetectionContext): number {
  if (declared.NetworkPolicy === true) return Math.min(timeouts.settleMs, 15_000);
  return declared.NetworkPolicy === false ? 1_500 : 5_000;
}

/** Really enforced? Open without a policy, dropped under one that denies. */
async function policy({ context, namespace, client }: Bed, guarded: Agent): Promise<Observation> {
  const before = await untilOpen(client, guarded.ip, port);
  if (before.verdict !== 'open') {
    return seen('NetworkPolicy', false, `cannot tell: ${before.verdict} between two pods without any policy`);
  }
  const deny = { podSelector: { matchLabels: { app: 'guarded' } }, policyTypes: ['Ingress' as const] };
  const started = performance.now();
  await context.kube.apply(networkPolicy(namespace, 'deny-ingress', deny));
  const limitMs = policyMs(context);
  const cut = await poll(limitMs, async () => {
    const { verdict } = await ask(client, guarded.ip, port, context.timeouts.policyConnectMs);
    return verdict === 'dropped' || verdict === 'refused' || verdict === 'unreachable' ? verdict : undefined;
  });
  const ms = Math.round(performance.now() - started);
  if (cut === undefined) return seen('NetworkPolicy', false, `traffic still open ${ms} ms after a policy denied it`);
  return seen('NetworkPolicy', true, `${cut} ${ms} ms after a policy denied it`);
}

async function hairpin(server: Agent, clusterIp: string): Promise<Observation> {
  const { verdict, error } = await untilOpen(server, clusterIp, port);
  const said = verdict === 'open' ? 'a pod reaches itself through its Service' : `${verdict} ${error ?? ''}`.trim();
  return seen('Hairpin', verdict === 'open', said);
}

async function nodePort({ client, near, far }: Bed, number: number): Promise<Observation> {
  const nodes = [...new Set([near, far])];
  const verdicts = await Promise.all(nodes.map(({ ip }) => untilOpen(client, ip, number)));
  const said = nodes.map(({ name }, index) => `${name} ${verdicts[index]?.verdict ?? 'unknown'}`).join(', ');
  return seen(
    'NodePort',
    verdicts.every(({ verdict }) => verdict === 'open'),
    `port ${number}: ${said}`,
  );
}

/** Returns the port of the node under which a new pod can be reached. */
async function publish(
  fleet: FleetContext,
  wanted: { name: string; namespace: string; node: string },
): Promise<number> {
  const { name, namespace, node } = wanted;
  const number = firstHostPort + (process.pid % 2_000);
  const ports = [{ port, protocol: 'TCP' as const }];
  const template = await agentPodTemplate(fleet, { namespace, node, labels: { app: name }, ports });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name, namespace } };
  await fleet.kube.create({ ...pod, spec: withHostPort(template.spec, number) });
  (await adopt(fleet, { namespace, name })).close();
  return number;
}

async function hostPort({ client, far }: Bed, published: number | string): Promise<Observation> {
  if (typeof published === 'string') return seen('HostPort', false, `no pod with a hostPort starts: ${published}`);
  const { verdict } = await untilOpen(client, far.ip, published);
  return seen('HostPort', verdict === 'open', `port ${published} of ${far.name}: ${verdict}`);
}

const Spec = z.looseObject({
  containers: z.array(z.looseObject({ ports: z.array(z.looseObject({})).default([]) })),
});

function withHostPort(spec: unknown, number: number): unknown {
  const parsed = Spec.parse(spec);
  const [container] = parsed.containers;
  const ports = container?.ports.map((one, index) => (index === 0 ? { ...one, hostPort: number } : one));
  return { ...parsed, containers: [{ ...container, ports }, ...parsed.containers.slice(1)] };
}
