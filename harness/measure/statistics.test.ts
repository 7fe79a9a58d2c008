import { expect } from 'chai';
import fc from 'fast-check';
import { exactP, mannWhitney, normalP } from './mann-whitney.ts';
import { seededRandom } from './random.ts';
import { bootstrapDifference, mean, median, normalTail, quantile } from './statistics.ts';

const number = fc.integer({ min: -1000, max: 1000 });
const numbers = fc.array(number, { minLength: 1, maxLength: 30 });

describe('statistics', () => {
  it('give the textbook quantiles', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
    expect(quantile([10, 20, 30, 40], 0.25)).to.equal(17.5);
    expect(median([])).to.be.NaN;
  });

  it('keep quantiles monotone, inside the range and moving with the data', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p, q) => {
          const [low, high] = [quantile(values, Math.min(p, q)), quantile(values, Math.max(p, q))];
          expect(low)
            .to.be.at.most(high + 1e-9)
            .and.at.least(Math.min(...values));
          expect(
            quantile(
              values.map((value) => value + 5),
              p,
            ),
          ).to.be.closeTo(quantile(values, p) + 5, 1e-9);
        },
      ),
    );
  });

  it('draw the same numbers from the same seed, spread evenly', () => {
    const draw = (seed: number) => Array.from({ length: 5_000 }, seededRandom(seed));
    expect(draw(7)).to.deep.equal(draw(7)).and.not.deep.equal(draw(8));
    expect(mean(draw(7))).to.be.closeTo(0.5, 0.02);
  });

  it('know the normal distribution', () => {
    expect(normalTail(0)).to.be.closeTo(0.5, 1e-6);
    expect(normalTail(1.959964)).to.be.closeTo(0.025, 1e-6);
    expect(normalTail(3)).to.be.closeTo(0.0013499, 1e-6);
  });

  it('put the bootstrap interval around the difference, zero for a group against itself', () => {
    const options = { random: seededRandom(1), rounds: 500 };
    const shifted = bootstrapDifference([1, 2, 3, 4, 5], [11, 12, 13, 14, 15], options);
    expect(shifted.estimate).to.equal(10);
    expect(shifted.low).to.be.greaterThan(0).and.at.most(10);
    expect(shifted.high).to.be.at.least(10);
    fc.assert(
      fc.property(numbers, (values) => {
        const { low, high } = bootstrapDifference(values, values, { random: seededRandom(3), rounds: 300 });
        expect(low).to.be.at.most(0);
        expect(high).to.be.at.least(0);
      }),
    );
  });
});

describe('the Mann-Whitney test', () => {
  it('gives the published p-values', () => {
    // Exact: all of 5 below all of 5 is one of C(10,5) = 252 arrangements, on either side.
    expect(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).to.deep.include({ u: 0, effect: 0, method: 'exact' });
    expect(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).p).to.be.closeTo(2 / 252, 1e-12);
    // Wins of a over b counted by hand: 1 + 1 + 2 + 2.
    expect(mannWhitney([1.1, 2.2, 3.3, 4.4], [0.5, 2.5, 6, 7, 8]).u).to.equal(6);
  });

  it('corrects the approximation for ties, as worked out by hand', () => {
    // Ties: three 2s, two 1s, two 3s. a's 2 draws with both 2s of b, all other pairs are a's: 16 - 2 / 2 = 15.
    const { u, p, method } = mannWhitney([2, 3, 3, 4], [1, 2, 2, 1]);
    const deviation = Math.sqrt((16 / 12) * (9 - (24 + 6 + 6) / 56));
    expect({ u, method }).to.deep.equal({ u: 15, method: 'normal' });
    expect(p).to.be.closeTo(2 * normalTail((15 - 8 - 0.5) / deviation), 1e-12);
  });

  it('counts arrangements as an enumeration does', () => {
    const subsets = (values: number[], size: number): number[][] => {
      if (size === 0) return [[]];
      return values.flatMap((value, i) => subsets(values.slice(i + 1), size - 1).map((rest) => [value, ...rest]));
    };
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 2, maxLength: 8 }), fc.nat(), (values, cut) => {
        const n = 1 + (cut % (values.length - 1));
        const [a, b] = [values.slice(0, n), values.slice(n)];
        const half = (n * b.length) / 2;
        const others = subsets(values, n).map(
          (group) =>
            mannWhitney(
              group,
              values.filter((value) => !group.includes(value)),
            ).u,
        );
        const observed = Math.abs(mannWhitney(a, b).u - half);
        const share = others.filter((u) => Math.abs(u - half) >= observed).length / others.length;
        expect(mannWhitney(a, b).p).to.be.closeTo(share, 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('does not care which group comes first, nor about any growing change of scale', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const cubed = (values: number[]) => values.map((value) => value ** 3);
        expect(mannWhitney(b, a).p).to.be.closeTo(mannWhitney(a, b).p, 1e-12);
        expect(mannWhitney(cubed(a), cubed(b))).to.deep.equal(mannWhitney(a, b));
        expect(mannWhitney(a, b).effect + mannWhitney(b, a).effect).to.be.closeTo(1, 1e-12);
      }),
    );
  });

  it('approximates the exact distribution where it cannot count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 225 }), (u) => {
        expect(normalP(u, 15, 15, [])).to.be.closeTo(exactP(u, 15, 15), 0.01);
      }),
    );
  });

  it('shows no difference where all values are equal', () => {
    expect(mannWhitney([4, 4, 4], [4, 4])).to.deep.equal({ u: 3, p: 1, effect: 0.5, method: 'normal' });
    expect(() => mannWhitney([], [1])).to.throw(RangeError);
  });
});
