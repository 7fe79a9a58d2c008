import { expect } from 'chai';
import { type Random, seededRandom } from '../../harness/measure/random.ts';
import { type CompareOptions, compare } from './compare.ts';
import { inventedSeries } from './compared.test-support.ts';
import { falseAlarm, gateAlpha } from './gate.ts';
import { usualRule } from './judge.ts';
import type { Series } from './model.ts';

const pairs = [{ subject: 'now', reference: 'before' }];
const rule = { ...usualRule, alpha: gateAlpha, resamples: 300 };
const limit = 0.1;
const metrics = 20;

interface Noise {
  readonly spread: number;
  /** Share of rounds that are three times too high. */
  readonly outliers: number;
}

/** Rounds as clusters give them: skewed, and some of them far out. */
function noisy(random: Random, rounds: number, middle: number, { spread, outliers }: Noise): number[] {
  return Array.from({ length: rounds }, () => {
    const bell = random.unit() + random.unit() + random.unit() + random.unit() - 2;
    const far = random.unit() < outliers ? 3 : 1;
    return middle * Math.exp(spread * bell * 1.73) * far;
  });
}

function gates(random: Random, worsened: (metric: number) => number, noise: Noise): Series[] {
  return Array.from({ length: metrics }, (_, metric) => {
    const now = noisy(random, 8, 100 * worsened(metric), noise);
    return inventedSeries(`m${metric}`, 'lower', { before: noisy(random, 8, 100, noise), now });
  });
}

const judged = (series: readonly Series[], options: Partial<CompareOptions> = {}) =>
  compare({ subjects: [], series, leftOut: [] }, { pairs, rule, limit, ...options });

describe('a gate', () => {
  it('raises false alarms in less than one of a hundred gates, A against A', () => {
    const random = seededRandom(2026);
    const dealt = Array.from({ length: 100 }, () =>
      falseAlarm(
        gates(random, () => 1, { spread: 0.2, outliers: 0.05 }),
        { pairs, limit },
        { rule, random },
      ),
    );
    const alarms = dealt.filter(Boolean).length;
    console.log(
      `      ${alarms} of ${dealt.length} gates of ${metrics} metrics and 8 rounds a side failed on equal networks`,
    );
    expect(alarms / dealt.length).to.be.below(0.01);
  });

  it('finds a metric that is worse by a third, and blames no other', () => {
    const random = seededRandom(7);
    const found = Array.from(
      { length: 6 },
      () => judged(gates(random, (metric) => (metric === 3 ? 1.33 : 1), { spread: 0.03, outliers: 0 })).gate,
    );
    for (const gate of found) {
      expect(gate?.outcome).to.equal('failed');
      expect(gate?.reasons.join()).to.match(/^invented: m3 is worse, [^,]*,[^,]*$/);
    }
  });

  it('lets pass what is worse by less than the limit, and what is better', () => {
    const steady = [100, 101, 102, 103, 104, 105];
    const times = (factor: number) => steady.map((value) => value * factor);
    const outcome = (now: number[], better: Series['better'] = 'lower') =>
      judged([inventedSeries('m', better, { before: steady, now })]).gate?.outcome;
    expect(outcome(times(1.08))).to.equal('passed');
    expect(outcome(times(0.5))).to.equal('passed');
    expect(outcome(times(1.5))).to.equal('failed');
    expect(outcome(times(0.5), 'higher')).to.equal('failed');
  });

  it('is undecided where too few rounds, one side only, or nothing can be judged', () => {
    const few = inventedSeries('few', 'lower', { before: [1, 2, 3], now: [100, 101, 102] });
    expect(judged([few]).gate).to.deep.include({
      outcome: 'undecided',
      reasons: ['1 test can fail from 5 rounds a side on'],
    });
    const steady = inventedSeries('both', 'lower', { before: [1, 2, 3, 4, 5], now: [1, 2, 3, 4, 5] });
    expect(judged([steady]).gate?.outcome).to.equal('passed');
    const lonely = inventedSeries('lonely', 'lower', { before: [1, 2, 3, 4, 5] });
    expect(judged([steady, lonely]).gate?.reasons).to.deep.equal(['invented: lonely was measured on one side only']);
    expect(judged([]).gate?.outcome).to.equal('undecided');
  });
});
