import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { ExecResult } from '../kube/types.ts';
import type { Bed } from './bed.ts';
import { runIperf } from './iperf.ts';
import { iperfPaths } from './iperf-pods.ts';
import { profiles } from './profile.ts';

const path = { name: 'pod other node', pod: 'iperf-client', host: '10.0.0.9', port: 5201 } as const;
const interval = (start: number, bytes: number) => ({ sum: { start, seconds: 0.5, bytes } });
const tcp = {
  intervals: [interval(0, 1), interval(0.5, 25_000_000)],
  end: {
    sum_sent: { bytes: 125_000_000, bits_per_second: 1e9, retransmits: 7 },
    sum_received: { bytes: 125_000_000, bits_per_second: 1e9 },
  },
};
const udp = {
  intervals: [],
  end: {
    sum_sent: { bytes: 125_000_000, bits_per_second: 1e9 },
    sum_received: { bytes: 1, bits_per_second: 8e8, lost_percent: 20, jitter_ms: 0.004 },
  },
};

/** A pod whose iperf3 says this. */
function saying(report: unknown, code = 0) {
  const argv: string[][] = [];
  const exec = (_: unknown, words: readonly string[]): Promise<ExecResult> => {
    argv.push([...words]);
    return Promise.resolve({ code, stdout: JSON.stringify(report), stderr: '' });
  };
  return { argv, bed: { namespace: 'x', cluster: { kube: { exec } } } as unknown as Bed };
}

describe('iperf3', () => {
  it('tells of TCP what came after the warm-up, and what was sent in all', async () => {
    const { bed, argv } = saying(tcp);
    const result = await runIperf(bed, path, { streams: 8 }, { ...profiles.quick, warmUpMs: 100 });
    expect(result).to.deep.include({ bitsPerSecond: 4e8, gigabits: 1, retransmits: 7 });
    expect(argv[0]?.join(' ')).to.contain('--parallel 8').and.not.contain('--udp');
  });

  it('tells of datagrams what arrived, what was lost and how late they were', async () => {
    const { bed, argv } = saying(udp);
    const result = await runIperf(bed, path, { streams: 1, datagrams: 'unlimited' }, profiles.quick);
    expect(result).to.deep.include({ bitsPerSecond: 8e8, lostShare: 0.2, jitterMs: 0.004 });
    expect(argv[0]?.join(' ')).to.contain('--udp --bitrate 0');
  });

  it('is inconclusive in its own words where it does not get through, and where it says nothing readable', async () => {
    const refused = { intervals: [], end: {}, error: 'unable to connect to server: Connection refused' };
    for (const [report, code, said] of [
      [refused, 1, /Connection refused/],
      ['nonsense', 126, /exit 126/],
      [{ intervals: [], end: {} }, 0, /no sum/],
    ] as const) {
      const error: unknown = await runIperf(saying(report, code).bed, path, { streams: 1 }, profiles.quick).catch(
        (cause: unknown) => cause,
      );
      expect(error).to.be.instanceOf(InconclusiveError).with.property('message').match(said);
    }
  });

  it('says why it does not run in a cluster', () => {
    expect(() => iperfPaths({ absent: 'no image' })).to.throw(InconclusiveError, 'no image');
  });
});
