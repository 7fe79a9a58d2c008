import { expect } from 'chai';
import { cellTable, loggedTable, type TableRow } from '../harness/events/case-table.ts';
import type { CaseTable } from '../harness/events/record.ts';
import { tableCsv } from './csv.ts';
import { tableMarkup } from './html/table-grid.ts';
import { deviantsOf, gridsOf } from './table-grid.ts';
import { tableText } from './table-text.ts';

const tableOf = (rows: readonly TableRow[]): CaseTable => ({ title: 'after "x"', ...cellTable(loggedTable(rows)) });
const row = (from: string, to: string, more: Partial<TableRow> = {}): TableRow => {
  return { from, to, port: 80, protocol: 'TCP', expected: 'open', measured: 'open', ...more };
};
const leak = {
  expected: 'dropped',
  measured: 'open',
  result: 'differs',
  reason: 'ingress isolated by "deny"',
} as const;

describe('a table of cells', () => {
  it('is a grid that shows where expected and measured differ, and says why', () => {
    const text = tableText(tableOf([row('x/a', 'x/a'), row('x/a', 'y/b', leak), row('y/b', 'x/a'), row('y/b', 'y/b')]));
    expect(text.split('\n')).to.deep.equal([
      'after "x": 1 of 4 cells differ',
      'TCP 80',
      '     x/a  y/b',
      'x/a  .    X>.',
      'y/b  .    .',
      '. open  X dropped  X>. expected X, measured .',
      'x/a -> y/b TCP 80: expected dropped, measured open (ingress isolated by "deny")',
    ]);
  });

  it('is a list where names are too long for the head of a column', () => {
    const name = 'dns A kubernetes.default.svc.cluster.local over udp';
    const table = tableOf([row('a', name, { measured: 'NOERROR 10.0.0.1' }), row('b', name)]);
    expect(gridsOf(table)).to.deep.equal([]);
    expect(tableText(table)).to.contain(`a -> ${name} TCP 80: NOERROR 10.0.0.1`);
  });

  it('never counts what the specification leaves open as wrong', () => {
    const table = tableOf([row('a', 'b', { measured: 'dropped', result: 'undecided' }), row('b', 'a')]);
    expect(deviantsOf(table)).to.deep.equal([]);
    expect(tableText(table)).to.contain('0 of 2 cells differ, 1 left open by the specification');
  });

  it('is CSV that quotes what needs it', () => {
    expect(tableCsv(tableOf([row('x/a', 'y,b', leak)]))).to.equal(
      'from,to,port,protocol,route,expected,measured,result,reason\n' +
        'x/a,"y,b",80,TCP,,dropped,open,differs,"ingress isolated by ""deny"""\n',
    );
  });

  it('is folded in HTML where it agrees, and open with hints where it does not', () => {
    const good = tableMarkup(tableOf([row('x/a', 'x/a'), row('x/a', 'y/b')])).html;
    const bad = tableMarkup(tableOf([row('x/a', 'x/a'), row('x/a', 'y/b', leak)])).html;
    expect(good).to.contain('<details>').and.not.to.contain('title=');
    expect(bad).not.to.contain('<details>');
    expect(bad).to.contain('title="x/a -&gt; y/b TCP 80: expected dropped, measured open; ingress isolated by');
  });
});
