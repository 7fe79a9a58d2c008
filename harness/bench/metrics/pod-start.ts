import type { BenchMetric, Reading } from '../metric.ts';
import { timeNewPod } from '../new-pod.ts';

/** What people wait for: scheduler and kubelet have their part in it, and the CNI its own. */
export const podStart: BenchMetric = {
  name: 'bench.pod_first_packet',
  title: 'new pod gets its first answer, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: 'a pod is created whose program connects to one on the other node from its first line on, every 10 ms',
  by: [],
  async measure(bed, { changes }, ctx) {
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      const { sinceCreatedMs } = await timeNewPod(bed, `fresh-${i}`, ctx);
      readings.push({ labels: {}, value: sinceCreatedMs });
    }
    return readings;
  },
};
