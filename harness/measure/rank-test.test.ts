import { expect } from 'chai';
import fc from 'fast-check';
import { fewestValues, leastP, rankTest } from './rank-test.ts';

const numbers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 6 });

function subsets<T>(values: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return values.flatMap((value, i) => subsets(values.slice(i + 1), size - 1).map((rest) => [value, ...rest]));
}

/** Counted by hand: how many of all ways to deal the values out part the groups at least as far. */
function enumerated(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const wins = (left: readonly number[], right: readonly number[]) =>
    left.reduce((sum, x) => sum + right.reduce((won, y) => won + (y > x ? 1 : y === x ? 0.5 : 0), 0), 0);
  const half = (a.length * b.length) / 2;
  const seen = Math.abs(wins(a, b) - half) - 1e-9;
  const dealt = subsets([...all.keys()], b.length).map((indices) => {
    const [right, left] = [indices.map((i) => all[i] ?? 0), all.filter((_, i) => !indices.includes(i))];
    return Math.abs(wins(left, right) - half) >= seen;
  });
  return dealt.filter(Boolean).length / dealt.length;
}

describe('the rank test', () => {
  it('gives the published p-values', () => {
    // R's wilcox.test, Hollander and Wolfe (1973) page 69: W = 35, one-sided p = 0.1272.
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const y = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(rankTest(y, x).p).to.be.closeTo(0.2544, 5e-5);
    expect(rankTest(y, x).effect).to.be.closeTo(35 / 50, 1e-12);
    expect(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).to.deep.equal({ p: 2 / 252, effect: 1 });
  });

  it('counts as an enumeration of all ways to deal the values out does, ties included', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(rankTest(a, b).p).to.be.closeTo(enumerated(a, b), 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('does not care which group comes first, nor about any growing change of scale', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const cubed = (values: number[]) => values.map((value) => value ** 3);
        expect(rankTest(b, a).p).to.be.closeTo(rankTest(a, b).p, 1e-12);
        expect(rankTest(b, a).effect).to.be.closeTo(1 - rankTest(a, b).effect, 1e-12);
        expect(rankTest(cubed(a), cubed(b))).to.deep.equal(rankTest(a, b));
      }),
    );
  });

  it('shows no difference where all values are equal, and needs values', () => {
    expect(rankTest([4, 4, 4], [4, 4])).to.deep.equal({ p: 1, effect: 0.5 });
    expect(() => rankTest([], [1])).to.throw(RangeError);
  });
});

describe('how many values a test needs', () => {
  it('is told by complete separation', () => {
    expect(leastP(5, 5)).to.equal(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).p);
    expect(leastP(1, 1)).to.equal(1);
    expect(fewestValues(1, 0.05)).to.equal(4);
    expect(fewestValues(30, 0.05)).to.equal(7);
  });
});
