import type { Timeouts } from '../../base/timeouts.ts';
import { closedLoop, type Loop } from '../closed-loop.ts';
import type { BenchMetric } from '../metric.ts';

/** A connection, its greeting, one byte there and back, and its end. */
export const crrLoop = ({ connectMs }: Timeouts): Loop => ({
  paths: ['host-host', 'pod other node', 'ClusterIP', 'NodePort'],
  probe: ({ host, ports }) => ({ kind: 'tcp', host, port: ports.tcp, payloadBytes: 1, timeoutMs: connectMs }),
  reuse: false,
});

/** As netperf's TCP_CRR: what connection tracking and address translation cost. */
export const tcpCrr: BenchMetric = {
  name: 'bench.tcp_crr',
  title: 'TCP connect, request, response, close',
  unit: 'per_second',
  better: 'higher',
  load: 'closed loop of the agent: one connection at a time, the greeting and an echoed byte',
  by: ['path'],
  measure: (bed, profile, { timeouts }) => closedLoop(bed, profile, crrLoop(timeouts)),
};
