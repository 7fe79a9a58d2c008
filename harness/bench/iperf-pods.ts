import { z } from 'zod';
import { iperf3, iperf3Image } from '../../clusters/components/iperf3.ts';
import { describeError, InconclusiveError } from '../base/errors.ts';
import type { StepReport } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { loadBuilt } from '../cluster/kind/load-built.ts';
import type { Cluster } from '../cluster/types.ts';
import { ownedLabels, service } from '../kube/objects.ts';
import type { KubeObject } from '../kube/types.ts';
import type { PathName } from './paths.ts';

/** Where an iperf3 client runs, and where its server listens. */
export interface IperfPath {
  readonly name: PathName;
  /** Pod that the client runs in. */
  readonly pod: string;
  readonly host: string;
  readonly port: number;
}

/** Pods that run iperf3 servers, with the paths between them; or why there are none. */
export type Iperf = { readonly paths: readonly IperfPath[] } | { readonly absent: string };

interface Where {
  readonly namespace: string;
  readonly runId: string;
  readonly nodes: readonly { readonly name: string; readonly ip: string }[];
  /** An image that the cluster can pull; absent: it is built and loaded into the nodes. */
  readonly image?: string;
  /** Pods in the host network are taken. */
  readonly hosts: boolean;
}

const podPort = 5201;
const hostPort = 15_201;
const label = 'ordeal.dev/iperf';
const container = 'iperf3';
/** Pod that serves on the second node. */
export const iperfServer = 'iperf-server';

/** Starts the pods; where that fails, the reason stands for every metric that would have needed them. */
export async function startIperf(
  cluster: Cluster,
  where: Where,
  { timeouts, report, signal }: { timeouts: Timeouts; report: StepReport; signal: AbortSignal },
): Promise<Iperf> {
  const image = where.image ?? (cluster.info.provider === 'kind' ? iperf3Image : undefined);
  if (image === undefined) return { absent: 'no image of iperf3 was named: --iperf3-image' };
  try {
    if (where.image === undefined) {
      const nodes = cluster.info.nodes.map(({ name }) => name);
      await loadBuilt(iperf3, nodes, { report, signal });
    }
    report('iperf3 pods');
    return { paths: await startPods(cluster, where, image, timeouts) };
  } catch (error) {
    signal.throwIfAborted();
    return { absent: describeError(error) };
  }
}

async function startPods({ kube }: Cluster, where: Where, image: string, timeouts: Timeouts): Promise<IperfPath[]> {
  const { namespace, nodes, hosts } = where;
  const [a, b] = nodes;
  if (a === undefined || b === undefined) return [];
  const pods = [
    { name: 'iperf-client', node: a.name, host: false },
    { name: 'iperf-near', node: a.name, host: false },
    { name: iperfServer, node: b.name, host: false },
    ...(hosts ? [a, b].map(({ name }, index) => ({ name: `iperf-host-${index}`, node: name, host: true })) : []),
  ];
  await Promise.all(pods.map((pod) => kube.apply(podOf(pod, { where, image }))));
  const services = [iperfServer, 'iperf-client'].map((name) => kube.apply(serviceOf(name, where)));
  const [server, self] = (await Promise.all(services)).map((stored) => StoredService.parse(stored).spec);
  const ips = await Promise.all(pods.map(({ name }) => runningIp(kube, { namespace, name }, timeouts)));
  const [, near = '', far = ''] = ips;
  const from = { pod: 'iperf-client', port: podPort };
  return [
    { name: 'loopback', host: '127.0.0.1', ...from },
    ...(hosts ? [{ name: 'host-host' as const, pod: 'iperf-host-0', host: b.ip, port: hostPort }] : []),
    { name: 'pod same node', host: near, ...from },
    { name: 'pod other node', host: far, ...from },
    { name: 'ClusterIP', host: server?.clusterIP ?? '', ...from },
    ...(hosts ? [{ name: 'NodePort' as const, ...from, host: a.ip, port: server?.ports[0]?.nodePort ?? 0 }] : []),
    { name: 'hairpin', host: self?.clusterIP ?? '', ...from },
  ];
}

const StoredService = z.looseObject({
  spec: z.looseObject({
    clusterIP: z.string(),
    ports: z.array(z.looseObject({ nodePort: z.int().optional() })),
  }),
});
const RunningPod = z.looseObject({
  status: z.looseObject({ phase: z.string().optional(), podIP: z.string().optional() }),
});

async function runningIp(
  kube: Cluster['kube'],
  { namespace, name }: { namespace: string; name: string },
  { podReadyMs }: Timeouts,
): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  const statusOf = (pod: KubeObject | undefined) => RunningPod.safeParse(pod).data?.status;
  const running = (pod: KubeObject | undefined) => {
    const status = statusOf(pod);
    return status?.phase === 'Running' && status.podIP !== undefined;
  };
  return statusOf(await kube.until(ref, 'runs', podReadyMs, running))?.podIP ?? '';
}

function podOf(
  { name, node, host }: { name: string; node: string; host: boolean },
  { where, image }: { where: Where; image: string },
): KubeObject {
  const port = String(host ? hostPort : podPort);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: where.namespace, labels: { ...ownedLabels(where.runId), [label]: name } },
    spec: {
      nodeName: node,
      hostNetwork: host,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: container,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['iperf3', '--server', '--port', port],
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** iperf3 keeps its control connection over TCP to the port that it sends datagrams to. */
function serviceOf(name: string, { namespace, runId, hosts }: Where): KubeObject {
  const ports = (['TCP', 'UDP'] as const).map((protocol) => ({
    name: protocol.toLowerCase(),
    port: podPort,
    protocol,
  }));
  const spec = hosts ? { type: 'NodePort' } : {};
  return service({ name, namespace, labels: ownedLabels(runId), selector: { [label]: name }, ports, spec });
}

/** Returns the paths that iperf3 can load. @throws InconclusiveError with the reason where there are none. */
export function iperfPaths(iperf: Iperf): readonly IperfPath[] {
  if ('absent' in iperf) throw new InconclusiveError(`iperf3 does not run in this cluster: ${iperf.absent}`);
  return iperf.paths;
}
