import type { BenchMetric, Reading } from '../metric.ts';
import { openLoop } from '../open-loop.ts';

const everyMs = 5;

export const httpLatency: BenchMetric = {
  name: 'bench.http_latency',
  title: 'HTTP latency',
  unit: 'us',
  better: 'lower',
  load: `open loop of the agent: a GET every ${everyMs} ms on kept connections, latency from when it was due`,
  by: ['path'],
  async measure(bed, profile, ctx) {
    const timeoutMs = ctx.timeouts.sampleTimeoutMs;
    const readings: Reading[] = [];
    for (const { name, from, host, ports } of bed.paths) {
      if (!['host-host', 'pod other node', 'ClusterIP'].includes(name)) continue;
      const probe = { kind: 'http', host, port: ports.http, timeoutMs } as const;
      const histogram = await openLoop(from, { probe, everyMs, reuse: true }, profile, ctx);
      readings.push({ labels: { path: name }, histogram });
    }
    return readings;
  },
};
