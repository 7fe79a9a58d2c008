import { expect } from 'chai';
import fc from 'fast-check';
import { bootstrapDifference, noiseFloor } from './bootstrap.ts';
import { seededRandom, shuffled } from './random.ts';
import { median } from './statistics.ts';

const options = (seed: number, confidence = 0.95) => ({ random: seededRandom(seed), confidence, resamples: 400 });
const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 12 });

describe('the bootstrap interval', () => {
  it('lies around the difference, and around zero for a group against itself', () => {
    const { low, high } = bootstrapDifference([1, 2, 3, 4, 5], [11, 12, 13, 14, 15], options(1));
    expect(low).to.be.greaterThan(0).and.at.most(10);
    expect(high).to.be.at.least(10);
    fc.assert(
      fc.property(values, fc.integer(), (group, seed) => {
        const itself = bootstrapDifference(group, group, options(seed));
        expect(itself.low).to.be.at.most(0);
        expect(itself.high).to.be.at.least(0);
      }),
      { numRuns: 50 },
    );
  });

  it('covers the true difference nearly as often as it says', () => {
    const random = seededRandom(7);
    const group = () => Array.from({ length: 10 }, () => 100 * Math.exp(0.1 * (random.unit() + random.unit() - 1)));
    const covered = Array.from({ length: 200 }, () => bootstrapDifference(group(), group(), options(3)));
    expect(covered.filter(({ low, high }) => low <= 0 && high >= 0).length / 200).to.be.at.least(0.9);
  });
});

describe('the noise floor', () => {
  it('is zero for a steady value, and within the range of the values', () => {
    expect(noiseFloor([5, 5, 5], [3, 3], options(1))).to.equal(0);
    fc.assert(
      fc.property(values, fc.integer(), (group, seed) => {
        const range = Math.max(...group) - Math.min(...group);
        expect(noiseFloor(group, [5, 5], options(seed)))
          .to.be.at.least(0)
          .and.at.most(range);
      }),
      { numRuns: 50 },
    );
  });
});

describe('seeded chance', () => {
  it('draws the same from the same seed, evenly, and keeps what it shuffles', () => {
    const draws = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 5_000 }, () => random.unit());
    };
    expect(draws(7)).to.deep.equal(draws(7)).and.not.deep.equal(draws(8));
    expect(median(draws(7))).to.be.closeTo(0.5, 0.02);
    expect(shuffled([1, 2, 3, 4], seededRandom(2)).sort()).to.deep.equal([1, 2, 3, 4]);
  });
});
