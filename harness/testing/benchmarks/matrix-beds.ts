import { randomBytes } from 'node:crypto';
import { connect } from '../../kube/connect.ts';
import type { Kube } from '../../kube/types.ts';
import { startAgents } from '../../probe/fleet.ts';
import { freePort, startLocalAgent } from '../../probe/local-agent.test-support.ts';
import type { MatrixSource, MatrixTarget } from '../../table/matrix.ts';
import { ownedLabels } from '../../kube/objects.ts';
import type { AgentPort } from '../../probe/types.ts';

/** Makes port 81 of some pods drop, and lets it through again. */
export interface Switch {
  apply(): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Agents to measure between, and what was needed to have them. */
export interface Bed {
  readonly title: string;
  readonly sources: readonly MatrixSource[];
  readonly targets: readonly MatrixTarget[];
  /** Absent where nothing here can drop packets. */
  readonly policies?: { readonly everywhere: Switch; readonly firstRow: Switch };
  close(): Promise<void>;
}

const protocols = ['TCP', 'UDP'] as const;

/** Whether a pod is in the first namespace of its square: what most cases have policies about. */
export const isInFirstRow = (key: string) => key.startsWith('n/');

/** Returns names as of a square of namespaces and pods: `n/a`, `n/b` ... */
function keysOf(pods: number): string[] {
  const side = Math.ceil(Math.sqrt(pods));
  const letter = (first: string, index: number) => String.fromCharCode(first.charCodeAt(0) + index);
  return Array.from({ length: pods }, (_, i) => `${letter('n', Math.floor(i / side))}/${letter('a', i % side)}`);
}

const portsOf = (numbers: readonly number[]): AgentPort[] =>
  numbers.flatMap((port) => protocols.map((protocol) => ({ port, protocol, forTables: true })));

function targetsOf(keys: readonly string[], hosts: readonly string[], numbers: readonly number[]): MatrixTarget[] {
  const columns = hosts.map((host, i) => ({ host, key: keys[i] ?? host }));
  return numbers.flatMap((port) =>
    protocols.flatMap((protocol) => columns.map((column) => ({ ...column, port, protocol }))),
  );
}

/** Returns agent processes on loopback addresses: the tool's own cost, without any network. */
export async function localBed(pods: number): Promise<Bed> {
  const keys = keysOf(pods);
  const hosts = keys.map((_, i) => `127.0.0.${i + 2}`);
  const numbers = [await freePort('127.0.0.2'), await freePort('127.0.0.2')];
  const ports = portsOf(numbers);
  const local = await Promise.all(
    hosts.map((address, i) => startLocalAgent({ name: keys[i] ?? address, address, ports })),
  );
  return {
    title: `${pods} processes on loopback`,
    sources: local.map(({ agent }, i) => ({ key: keys[i] ?? agent.name, agent })),
    targets: targetsOf(keys, hosts, numbers),
    close: async () => {
      await Promise.all(local.map((agent) => agent.stop()));
    },
  };
}

function onlyPort80(kube: Kube, metadata: { namespace: string; labels: Record<string, string> }, podSelector: object) {
  const ports = protocols.map((protocol) => ({ protocol, port: 80 }));
  const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
  const ref = { ...kind, namespace: metadata.namespace, name: 'only-80' };
  const spec = { podSelector, policyTypes: ['Ingress'], ingress: [{ ports }] };
  return {
    apply: () => kube.apply({ ...kind, metadata: { ...metadata, name: ref.name }, spec }),
    remove: () => kube.remove(ref),
  };
}

/** Returns pods of one namespace in the cluster of `kubeconfig`; `close` removes the namespace. */
export async function clusterBed(kubeconfig: string, agentImage: string, pods: number, context?: string): Promise<Bed> {
  const keys = keysOf(pods);
  const kube = await connect(kubeconfig, context);
  const runId = `bench-${randomBytes(3).toString('hex')}`;
  const namespace = `ordeal-${runId}`;
  const labels = ownedLabels(runId);
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  const close = async () => {
    await kube.remove(ref);
    await kube.close();
  };
  try {
    await kube.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    const numbers = [80, 81];
    const specs = keys.map((key) => ({
      name: key.replace('/', '-'),
      namespace,
      ports: portsOf(numbers),
      labels: { row: isInFirstRow(key) ? 'first' : 'other' },
    }));
    const agents = await startAgents({ kube, agentImage, runId }, specs);
    return {
      title: `${pods} pods on ${new Set(agents.map(({ node }) => node)).size} nodes`,
      sources: agents.map((agent, i) => ({ key: keys[i] ?? agent.name, agent })),
      targets: targetsOf(
        keys,
        agents.map(({ ip }) => ip),
        numbers,
      ),
      policies: {
        everywhere: onlyPort80(kube, { namespace, labels }, {}),
        firstRow: onlyPort80(kube, { namespace, labels }, { matchLabels: { row: 'first' } }),
      },
      close: async () => {
        agents.forEach((agent) => agent.close());
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
