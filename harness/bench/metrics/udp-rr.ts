import { closedLoop } from '../closed-loop.ts';
import type { BenchMetric } from '../metric.ts';

/** As netperf's UDP_RR. */
export const udpRr: BenchMetric = {
  name: 'bench.udp_rr',
  title: 'UDP request and response',
  unit: 'per_second',
  better: 'higher',
  load: 'closed loop of the agent: one datagram of 16 bytes at a time, from one socket',
  by: ['path'],
  measure: (bed, profile, { timeouts }) =>
    closedLoop(bed, profile, {
      paths: ['host-host', 'pod other node', 'ClusterIP'],
      probe: ({ host, ports }) => {
        return { kind: 'udp', host, port: ports.udp, payloadBytes: 16, timeoutMs: timeouts.connectMs };
      },
      reuse: true,
    }),
};
