import { service } from '../../kube/objects.ts';
import { startLane, timeTurns } from '../../disruption/timed-lane.ts';
import { type Bed, podPorts } from '../bed.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import type { VisitContext } from '../visit-context.ts';
import { z } from 'zod';

const everyMs = 10;
const name = 'by-hand';
const StoredService = z.looseObject({ spec: z.looseObject({ clusterIP: z.string() }) });

/** Of a slice made by hand: readiness probes and the endpoint controller take no part, only who programs the node. */
export const endpointProgrammed: BenchMetric = {
  name: 'bench.endpoint_programmed',
  title: 'endpoint in force on a node, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: `agents connect every ${everyMs} ms to a ClusterIP whose one endpoint comes and goes; a pod, and a host on the other node`,
  by: ['direction'],
  async measure(bed, { changes }, ctx) {
    const change = await changesOn(bed, ctx);
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      for (const value of await change('open')) readings.push({ labels: { direction: 'add' }, value });
      for (const value of await change('closed')) readings.push({ labels: { direction: 'remove' }, value });
    }
    return readings;
  },
};

async function changesOn(bed: Bed, ctx: VisitContext) {
  const host = await serveByHand(bed, ctx);
  const timeoutMs = ctx.timeouts.policyConnectMs;
  const probe = { kind: 'tcp', host, port: podPorts.tcp, connectOnly: true, timeoutMs } as const;
  const lanes = [await startLane(ctx, bed.client, probe, everyMs), await startLane(ctx, bed.farHost, probe, everyMs)];
  return (becomes: 'open' | 'closed'): Promise<number[]> => {
    const turns = lanes.map((lane) => ({ lane, becomes }));
    const act = () => bed.cluster.kube.apply(slice(bed, becomes === 'open' ? [bed.server.ip] : []));
    return timeTurns(ctx, `endpoint ${becomes}`, turns, act);
  };
}

async function serveByHand({ namespace, cluster: { kube } }: Bed, ctx: VisitContext): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'Service', name, namespace };
  ctx.defer(`remove Service ${name}`, async () => {
    await kube.remove(ref);
    await kube.remove({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', name, namespace });
  });
  const stored = await kube.apply(service({ name, namespace, ports: [{ name: 'tcp', port: podPorts.tcp }] }));
  return StoredService.parse(stored).spec.clusterIP;
}

function slice({ namespace, server }: Bed, addresses: readonly string[]) {
  const labels = { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'ordeal' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels },
    addressType: server.ip.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: [{ name: 'tcp', port: podPorts.tcp, protocol: 'TCP' }],
  };
}
