import type { BenchMetric, Reading } from '../metric.ts';
import { runIperf } from '../iperf.ts';
import { iperfPaths } from '../iperf-pods.ts';
import { cpuMeter } from '../processor-time.ts';

/** Every stream shares the path, as netperf's TCP_STREAM; the CPU is that of both nodes, kernel and iperf3 included. */
export const tcpThroughput: BenchMetric = {
  name: 'bench.tcp_throughput',
  title: 'TCP throughput',
  unit: 'bits_per_second',
  better: 'higher',
  load: 'iperf3 as fast as it goes, one way',
  by: ['path', 'streams'],
  also: [
    {
      name: 'bench.tcp_retransmits',
      title: 'TCP segments sent again',
      unit: 'count',
      better: 'lower',
      load: 'the same: segments a gigabit',
      by: ['path', 'streams'],
    },
    {
      name: 'bench.cpu_per_gigabit',
      title: 'CPU for a gigabit',
      unit: 'cpu_seconds',
      better: 'lower',
      load: 'the same: CPU seconds of both nodes, all that runs on them, a gigabit sent',
      by: ['path', 'streams'],
    },
  ],
  async measure(bed, profile) {
    const readings: Reading[] = [];
    const cpu = await cpuMeter(bed);
    for (const { path, streams } of loadsOf(bed, profile)) {
      const { bitsPerSecond, gigabits, retransmits } = await runIperf(bed, path, { streams }, profile);
      const labels = { path: path.name, streams: String(streams) };
      readings.push({ labels, value: bitsPerSecond });
      readings.push({ labels, value: retransmits / gigabits, of: 'bench.tcp_retransmits' });
      const seconds = await cpu.sinceLast();
      if (seconds !== undefined) readings.push({ labels, value: seconds / gigabits, of: 'bench.cpu_per_gigabit' });
    }
    return readings;
  },
};

function loadsOf(bed: Parameters<BenchMetric['measure']>[0], { allPaths }: Parameters<BenchMetric['measure']>[1]) {
  const paths = iperfPaths(bed.iperf);
  const few = allPaths ? paths : paths.filter(({ name }) => telling.includes(name));
  const wide = paths.filter(({ name }) => (allPaths ? telling : ['pod other node']).includes(name));
  return [...few.map((path) => ({ path, streams: 1 })), ...wide.map((path) => ({ path, streams: 8 }))];
}

const telling: readonly string[] = ['host-host', 'pod other node', 'ClusterIP'];
