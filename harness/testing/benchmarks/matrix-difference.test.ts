import { expect } from 'chai';
import fc from 'fast-check';
import type { Verdict } from '../../probe/types.ts';
import { type Cell, cellKey, type CellPlace, type Matrix } from '../../table/matrix.ts';
import { describeDifference, diffMatrix } from './matrix-difference.ts';

const verdicts: readonly Verdict[] = ['open', 'dropped', 'refused', 'unreachable', 'inconclusive'];
const place = (index: number): CellPlace => ({ from: 's', to: `t${index}`, port: 80, protocol: 'TCP' });

function measured(...given: readonly Verdict[]): Matrix {
  const cells = given.map((verdict, index): [string, Cell] => {
    const where = place(index);
    return [cellKey(where), { ...where, result: { verdict, elapsedUs: 1500 } }];
  });
  return { cells: new Map(cells), ms: 0 };
}

describe('the difference of two tables', () => {
  it('is exactly where verdicts differ, and wherever nothing was learnt', () => {
    const verdict = fc.constantFrom(...verdicts);
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { maxLength: 12 }), (pairs) => {
        const expected = new Map(pairs.map(([want], index) => [cellKey(place(index)), want]));
        const wrong = pairs.flatMap(([want, got], index) =>
          want !== got || want === 'inconclusive' ? [cellKey(place(index))] : [],
        );
        const seen = diffMatrix(expected, measured(...pairs.map(([, got]) => got)));
        expect(seen.map(({ key }) => key)).to.deep.equal(wrong);
      }),
    );
  });

  it('is a cell that nobody measured as well', () => {
    const differences = diffMatrix(new Map([['x/a -> x/b:80/TCP', 'open']]), measured());
    expect(differences.map(describeDifference)).to.deep.equal(['x/a -> x/b:80/TCP: expected open, not measured']);
  });
});
