import type { BenchMetric } from '../metric.ts';
import { agentCpu } from './agent-cpu.ts';
import { connections } from './connections.ts';
import { dnsLatency, dnsRate } from './dns.ts';
import { echoThroughput } from './echo-throughput.ts';
import { endpointProgrammed } from './endpoint.ts';
import { httpLatency } from './http-latency.ts';
import { policyProgrammed } from './policy.ts';
import { tcpCrr } from './tcp-crr.ts';
import { tcpRr } from './tcp-rr.ts';
import { udpRr } from './udp-rr.ts';

/** What a comparison of networks measures, in this order: idle figures before any load. */
export const benchMetrics: readonly BenchMetric[] = [
  agentCpu,
  tcpRr,
  tcpCrr,
  udpRr,
  connections,
  echoThroughput,
  httpLatency,
  dnsRate,
  dnsLatency,
  policyProgrammed,
  endpointProgrammed,
];
