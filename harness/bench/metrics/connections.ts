import { closedLoop } from '../closed-loop.ts';
import type { BenchMetric } from '../metric.ts';

/** Handshakes are answered by the server's kernel: no process of the other side takes part. */
export const connections: BenchMetric = {
  name: 'bench.connections',
  title: 'TCP connections set up',
  unit: 'per_second',
  better: 'higher',
  load: 'closed loop of the agent: four handshakes at a time, each then reset',
  by: ['path'],
  measure: (bed, profile, { timeouts }) =>
    closedLoop(bed, profile, {
      paths: ['pod other node', 'ClusterIP'],
      probe: ({ host, ports }) => {
        const how = { connectOnly: true, closeWithReset: true, timeoutMs: timeouts.connectMs };
        return { kind: 'tcp', host, port: ports.tcp, ...how };
      },
      reuse: false,
      inFlight: 4,
    }),
};
