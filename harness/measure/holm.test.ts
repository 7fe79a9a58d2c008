import { expect } from 'chai';
import fc from 'fast-check';
import { holm } from './holm.ts';

describe("Holm's correction", () => {
  it('gives the values of R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")', () => {
    [0.03, 0.06, 0.06, 0.02].forEach((wanted, index) => {
      expect(holm([0.01, 0.04, 0.03, 0.005])[index]).to.be.closeTo(wanted, 1e-12);
    });
    expect(holm([])).to.deep.equal([]);
  });

  it('never lowers a p, keeps their order, and multiplies the least by their number', () => {
    const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ps, (given) => {
        const corrected = holm(given);
        given.forEach((p, i) => {
          expect(corrected[i]).to.be.at.least(p);
          given.forEach((q, j) => {
            if (p < q) expect(corrected[i]).to.be.at.most(corrected[j] ?? 0);
          });
        });
        expect(Math.min(...corrected)).to.equal(Math.min(1, Math.min(...given) * given.length));
      }),
    );
  });
});
