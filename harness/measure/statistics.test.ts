import { expect } from 'chai';
import fc from 'fast-check';
import { median, quantile } from './statistics.ts';

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
});
