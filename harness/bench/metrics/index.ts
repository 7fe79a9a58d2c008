import type { BenchMetric } from '../metric.ts';
import { agentChurn } from './agent-churn.ts';
import { agentIdle } from './agent-cpu.ts';
import { connections } from './connections.ts';
import { dnsCold, dnsLatency, dnsRate } from './dns.ts';
import { endpointProgrammed } from './endpoint.ts';
import { httpLatency } from './http-latency.ts';
import { podStart } from './pod-start.ts';
import { policyProgrammed, policySelected } from './policy.ts';
import { serviceFirstAnswer } from './service.ts';
import { tcpCrr } from './tcp-crr.ts';
import { tcpRr } from './tcp-rr.ts';
import { tcpThroughput } from './tcp-throughput.ts';
import { udpRr } from './udp-rr.ts';
import { udpThroughput } from './udp-throughput.ts';

/** What a comparison of networks measures, in this order: idle figures before any load, changes after it. */
export const benchMetrics: readonly BenchMetric[] = [
  agentIdle,
  tcpRr,
  tcpCrr,
  udpRr,
  connections,
  tcpThroughput,
  udpThroughput,
  httpLatency,
  dnsRate,
  dnsLatency,
  dnsCold,
  policyProgrammed,
  policySelected,
  endpointProgrammed,
  serviceFirstAnswer,
  podStart,
  agentChurn,
];
