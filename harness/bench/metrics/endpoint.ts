import { startLane, timeTurns } from '../../disruption/timed-lane.ts';
import { removeAll, servedByHand, sliceOf } from '../bulk.ts';
import { type Bed, StoredService } from '../bed.ts';
import { podPorts } from '../paths.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const name = 'by-hand';

/** Of a slice made by hand: readiness probes and the endpoint controller take no part, only who programs the node. */
export const endpointProgrammed: BenchMetric = {
  name: 'bench.endpoint_programmed',
  title: 'endpoint in force on a node, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: `agents connect every ${everyMs} ms to a ClusterIP whose one endpoint comes and goes; one on each node`,
  by: ['direction'],
  async measure(bed, { changes }, ctx) {
    const change = await endpointChanges(bed, ctx);
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      readings.push(...(await change('open')));
      readings.push(...(await change('closed')));
    }
    return readings;
  },
};

/** Returns what adds (`open`) or takes away (`closed`) the endpoint, and says how long either took each node. */
export async function endpointChanges(bed: Bed, ctx: VisitContext) {
  const [served, slice] = servedByHand(bed, name, []);
  ctx.defer(`remove Service ${name}`, () => removeAll(bed, [served, slice]));
  const host = StoredService.parse(await bed.cluster.kube.apply(served)).spec.clusterIP;
  const timeoutMs = ctx.timeouts.policyConnectMs;
  const probe = { kind: 'tcp', host, port: podPorts.tcp, connectOnly: true, timeoutMs } as const;
  const lanes = [await startLane(ctx, bed.client, probe, everyMs), await startLane(ctx, bed.far, probe, everyMs)];
  return async (becomes: 'open' | 'closed'): Promise<Reading[]> => {
    const turns = lanes.map((lane) => ({ lane, becomes }));
    const act = () => bed.cluster.kube.apply(sliceOf(bed, name, becomes === 'open' ? [bed.server.ip] : []));
    const times = await timeTurns(ctx, `endpoint ${becomes}`, turns, act);
    const direction = becomes === 'open' ? 'add' : 'remove';
    return times.map((value, index) => ({ labels: { direction, node: lanes[index]?.from.node ?? '' }, value }));
  };
}
