import { expect } from 'chai';
import fc from 'fast-check';
import { allPairs, judge, usualRule } from './judge.ts';
import { inventedSeries } from './compared.test-support.ts';

const rule = { ...usualRule, resamples: 300 };
const pairs = allPairs(['a', 'b']);
const differences = (subjects: Readonly<Record<string, number[]>>, better: 'lower' | 'higher' = 'lower') =>
  judge([inventedSeries('m', better, subjects)], pairs, rule).metrics.flatMap((metric) => metric.differences);
const steady = [10, 11, 12, 13, 14, 15];
const larger = steady.map((value) => value + 20);

describe('verdicts', () => {
  it('say whose values are better by what the metric calls better', () => {
    expect(differences({ a: steady, b: larger })[0]?.verdict).to.equal('worse');
    expect(differences({ a: larger, b: steady })[0]?.verdict).to.equal('better');
    expect(differences({ a: steady, b: larger }, 'higher')[0]?.verdict).to.equal('better');
  });

  it('show no difference where there is none, whatever the values', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 10 });
    fc.assert(
      fc.property(values, (own) => {
        expect(differences({ a: own, b: own })[0]?.verdict).to.equal('no difference shown');
      }),
      { numRuns: 30 },
    );
  });

  it('say that no number of rounds so small can show anything, and know no interval of two values', () => {
    const [one] = differences({ a: [1, 2], b: [101, 102] });
    expect(one).to.include({ verdict: 'no difference shown', why: 'too few rounds', interval: null, noise: null });
  });

  it('need more rounds the more is tested', () => {
    const many = (tests: number) =>
      Array.from({ length: tests }, (_, i) => inventedSeries(`m${i}`, 'lower', { a: [], b: [] }));
    const filled = (tests: number) =>
      many(tests).map((one) => ({ ...one, values: inventedSeries('x', 'lower', { a: steady, b: larger }).values }));
    expect(judge(filled(1), pairs, rule).rule.fewestRounds).to.equal(4);
    const { rule: used, metrics } = judge(filled(40), pairs, rule);
    expect(used.fewestRounds).to.equal(7);
    expect(metrics[0]?.differences[0]?.why).to.equal('too few rounds');
  });

  it('set every subject against every one before it, and leave out pairs without values', () => {
    expect(allPairs(['a', 'b', 'c']).map(({ subject, reference }) => subject + reference)).to.deep.equal([
      'ba',
      'ca',
      'cb',
    ]);
    expect(differences({ a: steady })).to.deep.equal([]);
  });

  it('are not sought of what is taken once: the test would cost the others theirs', () => {
    const rounds = inventedSeries('often', 'lower', { a: [1, 2, 3, 4, 5], b: [11, 12, 13, 14, 15] });
    const once = { ...inventedSeries('once', 'lower', { a: [1], b: [2] }), once: true as const };
    const { rule, metrics } = judge([rounds, once], [{ subject: 'b', reference: 'a' }], usualRule);
    expect(rule.tests).to.equal(1);
    expect(metrics.map(({ differences }) => differences.map(({ verdict }) => verdict))).to.deep.equal([['worse'], []]);
    expect(metrics[1]?.summaries.map(({ median }) => median)).to.deep.equal([1, 2]);
  });
});
