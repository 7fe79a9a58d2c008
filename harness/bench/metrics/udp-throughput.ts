import { InconclusiveError } from '../../base/errors.ts';
import { runIperf } from '../iperf.ts';
import { iperfPaths } from '../iperf-pods.ts';
import type { BenchMetric, Reading } from '../metric.ts';

/** A tenth of what these paths carry: what is lost or late at this rate is not for want of room. */
const steadyBitsPerSecond = 200_000_000;
const steady = 'iperf3 sends datagrams at 200 Mbit/s from one pod to another';

/** What arrives of all that the sender can send: loss counts by itself. */
export const udpThroughput: BenchMetric = {
  name: 'bench.udp_throughput',
  title: 'UDP throughput',
  unit: 'bits_per_second',
  better: 'higher',
  load: 'iperf3 sends datagrams of one stream as fast as it can: bits that arrive',
  by: ['path', 'streams'],
  also: [
    { name: 'bench.udp_loss', title: 'UDP loss', unit: 'ratio', better: 'lower', load: steady, by: ['path'] },
    { name: 'bench.udp_jitter', title: 'UDP jitter', unit: 'ms', better: 'lower', load: steady, by: ['path'] },
  ],
  async measure(bed, profile) {
    const readings: Reading[] = [];
    for (const path of iperfPaths(bed.iperf)) {
      const wanted = profile.allPaths ? ['host-host', 'pod other node', 'ClusterIP'] : ['pod other node'];
      if (!wanted.includes(path.name)) continue;
      for (const streams of profile.allPaths ? [1, 8] : [1]) {
        const { bitsPerSecond } = await runIperf(bed, path, { streams, datagrams: 'unlimited' }, profile);
        readings.push({ labels: { path: path.name, streams: String(streams) }, value: bitsPerSecond });
      }
      const load = { streams: 1, datagrams: steadyBitsPerSecond };
      const { lostShare, jitterMs } = await runIperf(bed, path, load, profile);
      if (lostShare === undefined || jitterMs === undefined) throw new InconclusiveError('iperf3 told no loss');
      readings.push({ labels: { path: path.name }, value: lostShare, of: 'bench.udp_loss' });
      readings.push({ labels: { path: path.name }, value: jitterMs, of: 'bench.udp_jitter' });
    }
    return readings;
  },
};
