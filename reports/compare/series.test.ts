import { expect } from 'chai';
import { runMetrics } from '../../harness/events/run-metrics.ts';
import { figuresOf } from './compare.ts';
import { inventedRun } from './compared.test-support.ts';
import type { NamedRun } from './samples.ts';

type Cases = Parameters<typeof inventedRun>[1];
const of = (subject: string, ...cases: readonly Cases[]): NamedRun[] =>
  cases.map((own, index) => ({ subject, chosen: true, run: inventedRun(`${subject}-${index}`, own) }));
const told = (runs: readonly NamedRun[]) => {
  const { series, leftOut } = figuresOf(runs, runMetrics);
  return {
    values: Object.fromEntries(series.map(({ id, values }) => [id, values.map(({ value }) => value)])),
    leftOut,
  };
};

describe('figures of finished logs', () => {
  it('take the median of what a round measured as its one value', () => {
    const runs = of(
      'a',
      [{ id: 'x', values: { policy_effect: [1, 2, 9] } }],
      [{ id: 'x', values: { policy_effect: [4] } }],
    );
    expect(told(runs).values).to.deep.equal({ 'invented/policy_effect': [2, 4] });
  });

  it('use only the cases that every round has, and say which those leave out', () => {
    const both = [
      { id: 'x', values: { policy_effect: [1] } },
      { id: 'y', values: { policy_effect: [100] } },
    ];
    const { values, leftOut } = told(of('a', both, both.slice(0, 1)));
    expect(values).to.deep.equal({ 'invented/policy_effect': [1, 1] });
    expect(leftOut).to.deep.equal(['left out of metrics, because not every round measured them there: y']);
  });

  it('leave out what an inconclusive case measured, and metrics that declare no better', () => {
    const broken = { id: 'x', outcome: 'inconclusive', values: { policy_effect: [1] } } as const;
    const { values, leftOut } = told(of('a', [broken, { id: 'y', values: { pod_mtu: [1_450] } }]));
    expect(values).to.deep.equal({});
    expect(leftOut.join('\n')).to.match(/inconclusive: what x measured\n.*better: pod_mtu/);
  });

  it('merge latencies of a round, and tell a percentile where every round has the samples for it', () => {
    const latencies = (count: number) => ({ id: 'x', latenciesUs: Array.from({ length: count }, (_, i) => i + 1) });
    const parts = [latencies(500), { ...latencies(500), id: 'y' }];
    expect(Object.keys(told(of('a', parts, parts)).values)).to.deep.equal([
      'invented/latency p50',
      'invented/latency p90',
      'invented/latency p99',
    ]);
    expect(Object.keys(told(of('a', parts, [latencies(500), { ...latencies(400), id: 'y' }])).values)).to.not.include(
      'invented/latency p99',
    );
  });

  it('know the subjects and rounds that one log holds, also one that gave no figure', () => {
    const round = (subject: string, value: number) => ({
      id: 'x',
      of: { subject, round: '1' },
      values: { policy_effect: [value] },
    });
    const dead = { id: 'x', of: { subject: 'c', round: '1' }, outcome: 'inconclusive' } as const;
    const run = inventedRun('r', [round('a', 1), round('b', 2), dead]);
    const { series, subjects } = figuresOf([{ subject: 'r', chosen: false, run }], runMetrics);
    expect(series[0]?.values.map(({ subject, value }) => [subject, value])).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
    expect(subjects.map(({ name, remarks }) => [name, remarks.length])).to.deep.equal([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
  });
});
