import { expect } from 'chai';
import type { Verdict } from '../probe/types.ts';
import { compareTables, renderComparison, renderExpected } from './compare-tables.ts';
import { allPairs } from './grid-world.ts';
import { gridWorld } from './grid-world.ts';
import { truthTable } from './judge.ts';
import { policy } from './testing.test-support.ts';

describe('oracle: tables side by side', () => {
  const world = gridWorld({
    namespaces: ['x', 'y'],
    pods: ['a'],
    networkPolicies: [policy('x/deny', '{podSelector: {}, ingress: [{ports: [{port: 81}]}]}')],
  });
  const { cells } = truthTable(world, allPairs(world));
  const faithful = (): Verdict[] => cells.map((cell) => (cell.verdict === 'mixed' ? 'open' : cell.verdict));

  it('prints one table for ports that share it', () => {
    expect(renderExpected(cells)).to.equal(
      ['TCP 80, UDP 80, UDP 81', '       x/a y/a', '  x/a  .   .', '  y/a  X   .', '', 'TCP 81'].join('\n') +
        ['', '       x/a y/a', '  x/a  .   .', '  y/a  .   .', ''].join('\n'),
    );
  });

  it('finds no difference in a faithful measurement', () => {
    expect(compareTables(cells, faithful())).to.deep.include({ differing: [], disputed: [], inconclusive: [] });
  });

  it('shows each difference with the reason of the expectation, and never counts a broken tool as one', () => {
    const at = cells.findIndex((cell) => cell.verdict === 'dropped');
    const measured = faithful().map((verdict, index) =>
      index === at ? 'open' : index === 0 ? 'inconclusive' : verdict,
    );
    const compared = compareTables(cells, measured);
    expect(compared.differing).to.have.length(1);
    const text = renderComparison(compared);
    expect(text).to.contain('X/.').and.to.contain('16 cells, 1 differ, 1 inconclusive');
    expect(text).to.contain(
      'y/a -> x/a TCP 80: expected dropped, measured open ' +
        '(dropped: ingress of x/a isolated by x/deny, no rule admits y/a on TCP 80)',
    );
  });

  it('keeps disputed cells apart', () => {
    const own = truthTable(world, [
      { ...allPairs(world, 'service')[0], port: 80, protocol: 'TCP' } as (typeof cells)[number],
    ]);
    const compared = compareTables(own.cells, ['unreachable']);
    expect(compared.differing).to.be.empty;
    expect(compared.disputed).to.have.length(1);
  });
});
