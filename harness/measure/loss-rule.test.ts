import { expect } from 'chai';
import fc from 'fast-check';
import { atLeast } from './binomial.ts';
import { failsFrom, judgeLoss, lossPower } from './loss-rule.ts';

const promise = { healthyRate: 0.001, falseAlarms: 0.0005, paths: 4 };

describe('the rule for lost packets', () => {
  it('fails from the fewest losses that keep the promise about false alarms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5_000 }), fc.integer({ min: 1, max: 300 }), (sent, paths) => {
        const fails = failsFrom(sent, { ...promise, paths });
        expect(paths * atLeast(fails, sent, promise.healthyRate)).to.be.at.most(promise.falseAlarms);
        expect(paths * atLeast(fails - 1, sent, promise.healthyRate)).to.be.above(promise.falseAlarms);
      }),
      { numRuns: 50 },
    );
  });

  it('finds 2 % with a thousand probes and 1 % with three thousand', () => {
    expect(lossPower(1_000, 0.02, promise)).to.be.above(0.99);
    expect(lossPower(3_000, 0.01, promise)).to.be.above(0.99);
    expect(lossPower(1_000, 0.001, promise)).to.be.below(promise.falseAlarms);
  });

  it('blames the path only for what its control does not lose as well', () => {
    const sent = 1_000;
    expect(judgeLoss({ lost: 2, sent }, { lost: 0, sent }, promise)).to.equal('sound');
    expect(judgeLoss({ lost: 20, sent }, { lost: 0, sent }, promise)).to.equal('lossy');
    expect(judgeLoss({ lost: 20, sent }, { lost: 18, sent }, promise)).to.equal('starved');
    expect(judgeLoss({ lost: 20, sent }, { lost: 0, sent: 0 }, promise)).to.equal('starved');
    expect(judgeLoss({ lost: sent, sent }, { lost: 5, sent: 100 }, promise)).to.equal('lossy');
  });
});
