import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import type { Verdict } from '../probe/types.ts';
import { comparisonText, compareTables } from './compare-tables.ts';
import { describeEnd } from '../oracle/ends.ts';
import { allPairs, podRef } from '../oracle/all-pairs.ts';
import { gridModel } from '../oracle/grid-model.test-support.ts';
import { oracleOf, truthTable } from '../oracle/judge.ts';
import { expectedLines } from './expected-text.ts';
import { policy } from '../oracle/testing.test-support.ts';
import type { Cell } from '../oracle/types.ts';

describe('oracle: tables side by side', () => {
  const model = gridModel({
    namespaces: ['x', 'y'],
    pods: ['a'],
    networkPolicies: [policy('x/deny', '{podSelector: {}, ingress: [{ports: [{port: 81}]}]}')],
  });
  const { cells } = truthTable(model, allPairs(model));
  const faithful = (): Verdict[] =>
    cells.map((cell) => (cell.verdict === 'mixed' || cell.verdict === 'undecided' ? 'open' : cell.verdict));

  it('prints the expected table, once for ports that share it', () => {
    const sources = model.pods.map(({ namespace, name }) => podRef(`${namespace}/${name}`));
    const asked = allPairs(model).flatMap(({ from, ...it }) => (isDeepStrictEqual(from, sources[0]) ? [it] : []));
    const text = [...expectedLines(oracleOf(model), { sources, asked })].join('\n');
    expect(text).to.contain('80/TCP 80/UDP 81/UDP\n     x/a  y/a\nx/a  .    .\ny/a  X    .\n');
    expect(text).to.contain('81/TCP\n     x/a  y/a\nx/a  .    .\ny/a  .    .\n');
  });

  it('finds no difference in a faithful measurement', () => {
    expect(compareTables(cells, faithful())).to.deep.include({ differing: [], disputed: [], inconclusive: [] });
  });

  it('shows each difference with the reason of the expectation, and never counts a broken tool as one', () => {
    const at = cells.findIndex((cell) => cell.verdict === 'dropped');
    const elsewhere = cells.findIndex((cell) => cell.verdict === 'open' && !isDeepStrictEqual(cell.from, cell.to));
    const broken = (verdict: Verdict, index: number) =>
      index === at ? 'open' : index === elsewhere ? 'inconclusive' : verdict;
    const compared = compareTables(cells, faithful().map(broken));
    expect(compared.differing).to.have.length(1);
    const text = comparisonText(compared);
    expect(text).to.contain('X>.').and.to.contain('16 cells, 1 differ, 1 inconclusive');
    expect(text).to.contain(
      'y/a -> x/a:80/TCP: expected dropped, measured open ' +
        '(dropped: ingress of x/a isolated by x/deny, no rule admits y/a on TCP 80)',
    );
  });

  it('hears nothing in the silence of a pod that does not answer even itself, by address or through a Service', () => {
    const through = truthTable(model, [...allPairs(model), ...allPairs(model, 'service')]).cells;
    const ends = (cell: Cell) => [describeEnd(cell.from), ...(cell.reaches ?? [describeEnd(cell.to)])];
    const measured = through.map((cell): Verdict => (ends(cell).includes('y/a') ? 'dropped' : 'open'));
    const compared = compareTables(through, measured);
    expect(compared.mute).to.deep.equal(['y/a']);
    expect(compared.differing).to.be.empty;
    expect(comparisonText(compared)).to.contain('y/a did not answer even itself');
    const reached = compareTables(
      through,
      through.map((cell): Verdict => (isDeepStrictEqual(cell.from, cell.to) ? 'dropped' : 'open')),
    );
    expect(reached.differing.map(({ cell }) => cell.verdict)).to.include('dropped');
    expect(new Set(reached.differing.map(({ measured: got }) => got))).to.deep.equal(new Set(['open']));
  });

  it('takes a rejection for the deny it is, where the pod was seen to listen', () => {
    const rejecting = faithful().map((verdict): Verdict => (verdict === 'dropped' ? 'refused' : verdict));
    expect(compareTables(cells, rejecting)).to.deep.include({ differing: [], inconclusive: [] });
    const prohibiting = faithful().map((verdict): Verdict => (verdict === 'dropped' ? 'unreachable' : verdict));
    expect(compareTables(cells, prohibiting)).to.deep.include({ differing: [], inconclusive: [] });
  });

  it('does not take a closed port for a deny, nor a rejection for an admission', () => {
    const denied = cells.filter((cell) => cell.verdict === 'dropped');
    const alone = compareTables(
      denied,
      denied.map((): Verdict => 'refused'),
    );
    expect(alone.inconclusive).to.have.length(denied.length);
    const at = cells.findIndex((cell) => cell.verdict === 'open' && !isDeepStrictEqual(cell.from, cell.to));
    const rejected = faithful().map((verdict, index): Verdict => (index === at ? 'refused' : verdict));
    expect(compareTables(cells, rejected).differing).to.have.length(1);
  });

  it('keeps disputed cells apart', () => {
    const to = { kind: 'service', namespace: 'x', name: 's-x-a' } as const;
    const own = truthTable(model, [{ from: podRef('x/a'), to, port: 80, protocol: 'TCP' }]);
    const compared = compareTables(own.cells, ['open']);
    expect(compared.differing).to.be.empty;
    expect(compared.disputed).to.have.length(1);
    expect(comparisonText(compared)).to.contain('1 cells, 0 differ, 1 differ where the specification leaves it open');
  });
});
