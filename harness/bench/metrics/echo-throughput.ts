import { closedLoop } from '../closed-loop.ts';
import type { BenchMetric } from '../metric.ts';

const payloadBytes = 2 ** 20;

/** What the agent moves, not what the network could: Node.js copies each byte twice. */
export const echoThroughput: BenchMetric = {
  name: 'bench.echo_throughput',
  title: 'throughput through the agent, there and back',
  unit: 'bits_per_second',
  better: 'higher',
  load: 'closed loop of the agent: a mebibyte echoed at a time, each on a new connection; bits of both directions',
  by: ['path'],
  measure: (bed, profile, { timeouts }) =>
    closedLoop(bed, profile, {
      paths: ['host-host', 'pod same node', 'pod other node', 'ClusterIP'],
      probe: ({ host, ports }) => {
        return { kind: 'tcp', host, port: ports.tcp, payloadBytes, timeoutMs: timeouts.transferMs };
      },
      reuse: false,
      worth: (answersPerSecond) => answersPerSecond * payloadBytes * 8 * 2,
    }),
};
