import type { Probe } from '../../probe/types.ts';
import type { Bed } from '../bed.ts';
import type { BenchMetric } from '../metric.ts';
import { InconclusiveError } from '../../base/errors.ts';
import { openLoop } from '../open-loop.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const inFlight = 4;

/** A name of the cluster, final dot and all: CoreDNS answers it from memory, whatever is upstream. */
function query({ namespace, cluster }: Bed, { timeouts }: VisitContext): Probe {
  const { clusterDomain, dnsIp } = cluster.info;
  const name = `server.${namespace}.svc.${clusterDomain}.`;
  return { kind: 'dns', name, rrtype: 'A', server: dnsIp, timeoutMs: timeouts.dnsQueryMs };
}

export const dnsRate: BenchMetric = {
  name: 'bench.dns_rate',
  title: 'DNS queries answered',
  unit: 'per_second',
  better: 'higher',
  load: `closed loop of the agent: ${inFlight} queries over UDP at a time, for an A record of the cluster`,
  by: [],
  async measure(bed, { warmUpMs, loopMs }, ctx) {
    const load = { probe: query(bed, ctx), reuse: false, inFlight, warmUpMs, forMs: loopMs };
    const { answered, failed, perSecond, error } = await bed.client.load(load);
    if (answered === 0) throw new InconclusiveError(`none of ${failed} queries was answered: ${error ?? 'silence'}`);
    return [{ labels: {}, value: perSecond }];
  },
};

export const dnsLatency: BenchMetric = {
  name: 'bench.dns_latency',
  title: 'DNS latency',
  unit: 'us',
  better: 'lower',
  load: `open loop of the agent: an A record of the cluster over UDP every ${everyMs} ms, latency from when it was due`,
  by: [],
  async measure(bed, profile, ctx) {
    const schedule = { probe: query(bed, ctx), everyMs, reuse: false };
    return [{ labels: {}, histogram: await openLoop(bed.client, schedule, profile, ctx) }];
  },
};
