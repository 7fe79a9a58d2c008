import { closedLoop } from '../closed-loop.ts';
import type { BenchMetric } from '../metric.ts';

/** As netperf's TCP_RR. */
export const tcpRr: BenchMetric = {
  name: 'bench.tcp_rr',
  title: 'TCP request and response',
  unit: 'per_second',
  better: 'higher',
  load: 'closed loop of the agent: one transaction of 2 bytes at a time, on one kept connection',
  by: ['path'],
  measure: (bed, profile, { timeouts }) =>
    closedLoop(bed, profile, {
      paths: ['loopback', 'host-host', 'pod same node', 'pod other node', 'ClusterIP', 'NodePort', 'hairpin'],
      probe: ({ host, ports }) => ({ kind: 'tcp', host, port: ports.tcp, timeoutMs: timeouts.connectMs }),
      reuse: true,
    }),
};
