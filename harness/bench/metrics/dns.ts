import { InconclusiveError } from '../../base/errors.ts';
import { LatencyHistogram } from '../../measure/histogram.ts';
import type { Probe } from '../../probe/types.ts';
import type { Bed } from '../bed.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import { openLoop } from '../open-loop.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const inFlight = 4;

/** A name of the cluster, final dot and all: CoreDNS answers it from memory, whatever is upstream. */
function query({ namespace, cluster }: Bed, ctx: VisitContext, transport: 'udp' | 'tcp' = 'udp'): Probe {
  return asking(cluster, ctx, `server.${namespace}.svc.${cluster.info.clusterDomain}.`, transport);
}

function asking(
  { info: { dnsIp: server } }: Bed['cluster'],
  { timeouts: { dnsQueryMs: timeoutMs } }: VisitContext,
  name: string,
  transport: 'udp' | 'tcp' = 'udp',
): Probe {
  return { kind: 'dns', name, rrtype: 'A', transport, server, timeoutMs };
}

/** A name without its domain: the resolver tries every search domain, for both families, until one answers. */
function searched({ namespace }: Bed, { timeouts: { dnsQueryMs: timeoutMs } }: VisitContext): Probe {
  return { kind: 'lookup', name: `server.${namespace}.svc`, timeoutMs };
}

export const dnsRate: BenchMetric = {
  name: 'bench.dns_rate',
  title: 'DNS names resolved',
  unit: 'per_second',
  better: 'higher',
  load: `closed loop of the agent, ${inFlight} at a time: an A record of the cluster over UDP, over TCP, and by getaddrinfo through the search path`,
  by: ['query'],
  async measure(bed, { warmUpMs, loopMs }, ctx) {
    const probes = { udp: query(bed, ctx), tcp: query(bed, ctx, 'tcp'), 'search path': searched(bed, ctx) };
    const readings: Reading[] = [];
    for (const [named, probe] of Object.entries(probes)) {
      const load = { probe, reuse: false, inFlight, warmUpMs, forMs: loopMs };
      const { answered, failed, perSecond, error } = await bed.client.load(load);
      if (answered === 0)
        throw new InconclusiveError(`${named}: none of ${failed} was answered: ${error ?? 'silence'}`);
      readings.push({ labels: { query: named }, value: perSecond });
    }
    return readings;
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

/** Of pods by their address, which CoreDNS has for every one: each name is another, so none is in a cache. */
export const dnsCold: BenchMetric = {
  name: 'bench.dns_cold_latency',
  title: 'DNS latency of names asked for the first time',
  unit: 'us',
  better: 'lower',
  load: `the agent asks over UDP for names that nobody asked for before, ${inFlight} at a time`,
  by: [],
  async measure(bed, { coldQueries }, ctx) {
    const histogram = new LatencyHistogram();
    const names = coldNames(bed, coldQueries);
    for (let at = 0; at < names.length; at += inFlight) {
      const row = names.slice(at, at + inFlight).map((name) => asking(bed.cluster, ctx, name));
      for (const { verdict, elapsedUs, error, dns } of await bed.client.probe(row)) {
        if (verdict === 'inconclusive') throw new InconclusiveError(error ?? 'the agent broke');
        if (verdict === 'open' && dns?.rcode !== 'NOERROR') throw new InconclusiveError(`CoreDNS said ${dns?.rcode}`);
        histogram.record(elapsedUs);
      }
    }
    return [{ labels: {}, histogram }];
  },
};

/** Names of visits before this one must not come again: CoreDNS keeps answers for 30 s. */
function coldNames({ namespace, cluster: { info } }: Bed, count: number): string[] {
  const start = Math.floor(Math.random() * 2 ** 24);
  return Array.from({ length: count }, (_, index) => {
    const number = (start + index) % 2 ** 24;
    const octets = [10, number >> 16, (number >> 8) & 255, number & 255].join('-');
    return `${octets}.${namespace}.pod.${info.clusterDomain}.`;
  });
}
