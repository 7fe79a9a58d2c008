import { expect } from 'chai';
import { folderOf } from '../events/fold.ts';
import { logVersion } from '../events/types.ts';
import { widestInterval } from './widest-interval.ts';

const at = '2026-11-27T12:00:00.000Z';

function runOf(rates: readonly number[], latency = 1) {
  const start = { type: 'run.started', at, logVersion, runId: 'r', ordeal: '0', command: 'compare' } as const;
  const folder = folderOf({ ...start, argv: [], imageSource: 'none' });
  for (const [index, value] of rates.entries()) {
    const key = { at, id: 'bench-tcp-rr', variant: `net, round ${index}` };
    const about = { title: 'x', area: 'bench', tags: [], needs: [], tier: 'core' as const };
    folder.add({ type: 'case.planned', ...key, ...about });
    folder.add({ type: 'case.parameter', ...key, name: 'subject', value: 'net' });
    folder.add({ type: 'case.parameter', ...key, name: 'round', value: String(index) });
    const labels = { path: 'loopback' };
    folder.add({ type: 'case.measure', ...key, metric: 'bench.tcp_rr', unit: 'per_second', value, labels });
    const wide = { metric: 'bench.pod_first_packet', unit: 'ms', value: latency * 10 ** index, labels: {} } as const;
    folder.add({ type: 'case.measure', ...key, ...wide });
    folder.add({ type: 'case.finished', ...key, outcome: 'passed', baseline: 'as-expected', ms: 1 });
  }
  return folder.record();
}

describe('how well rates are known', () => {
  it('is half the widest interval, as a share of its median; times of changes do not count', () => {
    const widest = widestInterval(runOf([90, 100, 110]));
    expect(widest?.share).to.be.closeTo(0.1, 1e-9);
    expect(widest?.of).to.contain('bench.tcp_rr').and.to.contain('net');
  });

  it('is not known of fewer than three rounds, nor of none', () => {
    expect(widestInterval(runOf([100, 100]))).to.equal(undefined);
    expect(widestInterval(runOf([]))).to.equal(undefined);
  });
});
