import { z } from 'zod';
import { describeError } from '../../base/errors.ts';
import { namespace as namespaceObject, ownedLabels, service } from '../../kube/objects.ts';
import { may } from '../../kube/rights.ts';
import { adopt, agentPodTemplate, startAgents, type FleetContext } from '../../probe/fleet.ts';
import type { Feature } from '../../../clusters/names.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import { type Bed, hairpin, hostPort, nodePort, policy, port, type Published, cannotTell } from './traffic-looks.ts';
import { undetermined, type Detector, type DetectionContext, type Observation } from './types.ts';

/** Clear of NodePorts, of ephemeral ports and of the ports of agents on the node's network. */
const firstHostPort = 28_000;

const Stored = z.looseObject({
  spec: z.looseObject({ clusterIP: z.string(), ports: z.array(z.looseObject({ nodePort: z.int() })) }),
});

/** What only traffic can show: three pods, a Service, a policy, all in one namespace that goes away afterwards. */
export const traffic: Detector = {
  features: ['NetworkPolicy', 'Hairpin', 'NodePort', 'HostPort'],
  rights: [...may(['create', 'patch'], 'services'), ...may(['create', 'patch'], 'networkpolicies.networking.k8s.io')],
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

async function look(context: DetectionContext, namespace: string): Promise<Observation[]> {
  const { kube, agentImage, runId, timeouts, signal } = context;
  const fleet: FleetContext = { kube, agentImage, runId, timeouts, signal };
  const hosts = context.facts.nodes.filter(({ schedulable }) => schedulable);
  const [near, far = near] = hosts;
  if (near === undefined || far === undefined) return undetermined(traffic.features, 'no node takes pods');
  const spec = (name: string, node: NodeInfo) => ({
    ...{ name, namespace, node: node.name, labels: { app: name } },
    ports: [{ port, protocol: 'TCP' as const }],
  });
  const clusterIp = kube.apply(
    service({ name: 'server', namespace, selector: { app: 'server' }, ports: [{ port }], spec: { type: 'NodePort' } }),
  );
  const specs = [spec('client', near), spec('server', far), spec('guarded', far)];
  const exposed = { name: 'host-port', namespace, node: far.name };
  const publishing = context.spareHostPorts === true ? Promise.reject(notAllowed()) : publish(fleet, exposed);
  const published: Promise<Published> = publishing.then(
    (number) => ({ number }),
    (error: unknown) => ({ error }),
  );
  const [stored, agents] = await Promise.all([clusterIp, startAgents(fleet, specs)]);
  const [client, server, guarded] = agents;
  if (client === undefined || server === undefined || guarded === undefined) {
    return undetermined(traffic.features, 'probe pods did not start');
  }
  const bed: Bed = { context, namespace, client, server, near, far };
  const { clusterIP, ports } = Stored.parse(stored).spec;
  try {
    return await Promise.all([
      determined('NetworkPolicy', () => policy(bed, guarded)),
      determined('Hairpin', () => hairpin(bed, clusterIP)),
      determined('NodePort', () => nodePort(bed, ports[0]?.nodePort ?? 0)),
      determined('HostPort', async () => hostPort(bed, await published)),
    ]);
  } finally {
    for (const agent of agents) agent.close();
  }
}

const notAllowed = () => new Error('not tried, for want of --allow-disruption=host-ports');

/** One look that breaks tells nothing of its own feature, and takes nothing from the others. */
async function determined(feature: Feature, look: () => Promise<Observation>): Promise<Observation> {
  try {
    return await look();
  } catch (error) {
    return cannotTell(feature, describeError(error));
  }
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

const Spec = z.looseObject({
  containers: z.array(z.looseObject({ ports: z.array(z.looseObject({})).default([]) })),
});

function withHostPort(spec: unknown, number: number): unknown {
  const parsed = Spec.parse(spec);
  const [container] = parsed.containers;
  const ports = container?.ports.map((one, index) => (index === 0 ? { ...one, hostPort: number } : one));
  return { ...parsed, containers: [{ ...container, ports }, ...parsed.containers.slice(1)] };
}
