import { expect } from 'chai';
import fc from 'fast-check';
import { atLeast, leastTrials } from './binomial.ts';

describe('binomial', () => {
  it('gives the values of tables', () => {
    expect(atLeast(1, 1, 0.3)).to.be.closeTo(0.3, 1e-12);
    expect(atLeast(3, 10, 0.5)).to.be.closeTo(0.9453125, 1e-12);
    expect(atLeast(10, 10, 0.5)).to.be.closeTo(2 ** -10, 1e-15);
    expect(atLeast(5, 1_000, 0.001)).to.be.closeTo(0.003_636_88, 1e-7);
    expect(atLeast(0, 5, 0)).to.equal(1);
    expect(atLeast(1, 5, 0)).to.equal(0);
    expect(atLeast(6, 5, 0.9)).to.equal(0);
  });

  it('names the fewest trials that show a defect', () => {
    expect(leastTrials(1, 0.05, 0.99)).to.equal(90);
    expect(leastTrials(1, 0.5, 0.5)).to.equal(1);
    expect(() => leastTrials(1, 0, 0.99)).to.throw(RangeError);
  });

  it('grows with trials and with p, and falls with k', () => {
    const trials = fc.record({
      n: fc.integer({ min: 1, max: 300 }),
      k: fc.nat(300),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(trials, ({ n, k, p }) => {
        const slack = 1e-9;
        expect(atLeast(k, n + 1, p)).to.be.at.least(atLeast(k, n, p) - slack);
        expect(atLeast(k + 1, n, p)).to.be.at.most(atLeast(k, n, p) + slack);
        expect(atLeast(k, n, Math.min(1, p + 0.01))).to.be.at.least(atLeast(k, n, p) - slack);
      }),
    );
  });

  it('needs one trial fewer than suffices to miss the power', () => {
    const wanted = fc.record({ k: fc.integer({ min: 1, max: 5 }), p: fc.double({ min: 0.01, max: 0.9, noNaN: true }) });
    fc.assert(
      fc.property(wanted, ({ k, p }) => {
        const n = leastTrials(k, p, 0.99);
        expect(atLeast(k, n, p)).to.be.at.least(0.99);
        if (n > k) expect(atLeast(k, n - 1, p)).to.be.below(0.99);
      }),
    );
  });
});
