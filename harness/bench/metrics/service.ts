import { startLane, timeTurns } from '../../disruption/timed-lane.ts';
import { service } from '../../kube/objects.ts';
import { type Bed, StoredService } from '../bed.ts';
import { podPorts, serverLabel } from '../paths.ts';
import type { BenchMetric } from '../metric.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const name = 'new';
const ref = { apiVersion: 'v1', kind: 'Service', name };

/** With its selector, as people make them: the endpoint controller has a part in it. */
export const serviceFirstAnswer: BenchMetric = {
  name: 'bench.service_first_answer',
  title: 'new Service answers, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: `an agent connects every ${everyMs} ms to the ClusterIP of a Service that is created for pods that are ready`,
  by: [],
  async measure(bed, { changes }, ctx) {
    const { kube } = bed.cluster;
    const gone = { ...ref, namespace: bed.namespace };
    ctx.defer(`remove Service ${name}`, () => kube.remove(gone));
    const host = StoredService.parse(await kube.apply(wanted(bed))).spec.clusterIP;
    const lane = await laneTo(bed, host, ctx);
    const times: number[] = [];
    for (let i = 0; i < changes; i++) {
      await timeTurns(ctx, 'no such Service', [{ lane, becomes: 'closed' }], () => kube.remove(gone));
      // Its address is free again, and what connects to it was there before the Service.
      const create = () => kube.apply(wanted(bed, host));
      times.push(...(await timeTurns(ctx, 'new Service', [{ lane, becomes: 'open' }], create)));
    }
    return times.map((value) => ({ labels: {}, value }));
  },
};

function wanted({ namespace }: Bed, clusterIP?: string) {
  const spec = clusterIP === undefined ? {} : { clusterIP };
  return service({ name, namespace, selector: serverLabel, ports: [{ name: 'tcp', port: podPorts.tcp }], spec });
}

function laneTo({ client }: Bed, host: string, ctx: VisitContext) {
  const timeoutMs = ctx.timeouts.policyConnectMs;
  return startLane(ctx, client, { kind: 'tcp', host, port: podPorts.tcp, connectOnly: true, timeoutMs }, everyMs);
}
