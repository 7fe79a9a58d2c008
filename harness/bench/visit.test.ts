import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { Timeouts } from '../base/timeouts.ts';
import { folderOf } from '../events/fold.ts';
import { statusOf } from '../events/record.ts';
import { logVersion } from '../events/types.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Bed } from './bed.ts';
import type { BenchMetric } from './metric.ts';
import { profiles } from './profile.ts';
import { missed, visit } from './visit.ts';

const at = '2026-11-27T12:00:00.000Z';
const about = { title: 'invented', unit: 'ms', better: 'lower', load: 'none', by: ['path'] } as const;
const histogram = new LatencyHistogram();
histogram.record(7);

const metrics: readonly BenchMetric[] = [
  { ...about, name: 'bench.broken', measure: () => Promise.reject(new OrdealError('AGENT', 'the agent broke')) },
  { ...about, name: 'bench.late', measure: () => Promise.reject(new OrdealError('NOT_SETTLED', 'still open')) },
  { ...about, name: 'bench.policy', needs: 'NetworkPolicy', measure: () => Promise.reject(new Error('never asked')) },
  { ...about, name: 'bench.hairpin', needs: 'Hairpin', measure: () => Promise.reject(new Error('never asked')) },
  {
    ...about,
    name: 'bench.sound_one',
    needs: 'NodePort',
    measure: (_, __, ctx) => {
      ctx.defer('undone', () => Promise.resolve(void undone.push('undone')));
      return Promise.resolve([{ labels: { path: 'x' }, value: 3 }]);
    },
  },
  { ...about, name: 'bench.latency', unit: 'us', measure: () => Promise.resolve([{ labels: {}, histogram }]) },
  {
    ...about,
    name: 'bench.two',
    also: [{ ...about, name: 'bench.besides', unit: 'count' }],
    measure: () => Promise.resolve([{ labels: {}, value: 4, of: 'bench.besides' }]),
  },
  { ...about, name: 'bench.undeclared', measure: () => Promise.resolve([{ labels: {}, value: 5, of: 'bench.two' }]) },
  { ...about, name: 'bench.long', fullOnly: true, measure: () => Promise.reject(new Error('never asked')) },
];
let undone: string[] = [];

function begun(aborted = false) {
  const folder = folderOf({
    ...{ type: 'run.started', at, logVersion, runId: 'r', ordeal: '0' },
    command: 'compare',
    argv: [],
    imageSource: 'none',
  });
  const controller = new AbortController();
  if (aborted) controller.abort(new OrdealError('INTERRUPTED', 'stop'));
  const emit: Parameters<typeof visit>[2]['emit'] = (event) => folder.add({ ...event, at });
  const frame = { metrics, profile: profiles.quick, emit, timeouts: Timeouts.parse({}), signal: controller.signal };
  return { frame, cases: () => folder.record().cases };
}

const state = {
  feature: 'NetworkPolicy',
  observed: false,
  declared: false,
  evidence: 'a policy denied nothing',
} as const;
const unseen = { ...state, observed: 'undetermined' } as const;
const info = {
  features: new Map<string, object>([
    ['NetworkPolicy', state],
    ['Hairpin', { ...unseen, declared: false }],
    ['NodePort', { ...unseen, declared: true }],
  ]),
};
const bed = { cluster: { info } as unknown as Cluster } as Bed;
const turn = { subject: 'net', round: 2 };

describe('a visit', () => {
  beforeEach(() => (undone = []));

  it('measures every metric, each a case that knows subject and round, whatever became of the one before', async () => {
    const { frame, cases } = begun();
    await visit(bed, turn, frame);
    expect(cases().map((one) => [one.id, statusOf(one), one.result?.reason])).to.deep.equal([
      ['bench-broken', 'inconclusive', 'the agent broke'],
      ['bench-late', 'failed', 'still open'],
      ['bench-policy', 'unsupported', 'needs NetworkPolicy: a policy denied nothing'],
      ['bench-hairpin', 'unsupported', 'needs Hairpin: the network declares that it has none'],
      ['bench-sound-one', 'passed', undefined],
      ['bench-latency', 'passed', undefined],
      ['bench-two', 'passed', undefined],
      ['bench-undeclared', 'inconclusive', 'bench.undeclared declares no bench.two'],
    ]);
    for (const one of cases()) {
      expect(one.parameters).to.deep.equal([
        { name: 'subject', value: 'net' },
        { name: 'round', value: '2' },
      ]);
    }
    expect(cases().flatMap(({ measures }) => measures.map(({ value }) => value))).to.deep.equal([3, 4]);
    expect(cases().flatMap(({ histograms }) => histograms)).to.have.lengthOf(1);
    expect(undone).to.deep.equal(['undone']);
  });

  it('that could not be made leaves a reason for every metric', async () => {
    const { frame, cases } = begun();
    await missed(turn, new OrdealError('NOT_SETTLED', 'did not come back'), frame);
    expect(cases()).to.have.lengthOf(metrics.length - 1);
    for (const one of cases()) expect(one.result).to.include({ outcome: 'inconclusive', reason: 'did not come back' });
  });

  it('ends with the run when that is interrupted', async () => {
    const { frame, cases } = begun(true);
    const error: unknown = await visit(bed, turn, frame).catch((cause: unknown) => cause);
    expect(error).to.have.property('code', 'INTERRUPTED');
    expect(cases()).to.have.lengthOf(1);
  });
});
