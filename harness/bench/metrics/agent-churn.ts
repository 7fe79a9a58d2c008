import { setTimeout as pause } from 'node:timers/promises';
import { bulkObjects, createAll, removeAll } from '../bulk.ts';
import type { BenchMetric } from '../metric.ts';
import { agentCpuDuring } from './agent-cpu.ts';

/** What came last is still being programmed when the API server has it. */
const afterMs = 500;

/** CPU seconds and not a share: a network that takes its time over it is not the cheaper for that. */
export const agentChurn: BenchMetric = {
  name: 'bench.agent_cpu_churn',
  title: 'CPU of the CNI’s node agents for changes of the cluster',
  unit: 'cpu_seconds',
  better: 'lower',
  load: 'Services with an endpoint and policies come and go: CPU seconds a node of the processes of the CNI’s agent, for 100 of both',
  by: [],
  needs: 'NodeAccess',
  async measure(bed, { churn }, ctx) {
    const objects = (['Service', 'NetworkPolicy'] as const).flatMap((kind) => bulkObjects(bed, kind, 0, churn));
    ctx.defer('remove what came', () => removeAll(bed, objects));
    const { seconds } = await agentCpuDuring(bed, async () => {
      await createAll(bed, objects);
      await removeAll(bed, objects);
      await pause(afterMs, undefined, { signal: ctx.signal });
    });
    return seconds.map((value) => ({ labels: {}, value: (value * 100) / churn }));
  },
};
