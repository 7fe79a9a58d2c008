import { expect } from 'chai';
import fc from 'fast-check';
import { cellTable, loggedTable, reasonOfCell, type TableRow } from './case-table.ts';
import { RunEvent } from './types.ts';

const name = fc.constantFrom('x/a', 'x/b', 'svc y/c', 'b', '');
const piece = fc.oneof(
  fc.constantFrom(
    'x/a',
    'x/ab',
    'ord-1-grid-x/a',
    'svc y/c',
    'TCP',
    '80',
    '8080',
    '10.80.0.1',
    '{',
    '}',
    '{{',
    '{from}',
    ' ',
  ),
  fc.string(),
);
const reason = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const row: fc.Arbitrary<TableRow> = fc.record(
  {
    ...{ from: name, to: name, expected: fc.constant('open'), measured: fc.constantFrom('open', 'dropped') },
    ...{ port: fc.constantFrom(1, 80), protocol: fc.constantFrom('TCP', 'UDP'), route: fc.constant('pod') },
    ...{ reason, result: fc.constantFrom('differs', 'inconclusive', 'undecided') },
  },
  { requiredKeys: ['from', 'to', 'expected', 'measured'] },
);

const eventOf = (table: object): unknown => {
  return { type: 'case.table', at: '2026-11-27T12:00:00.000Z', id: 'a', title: 'after', ...table };
};

describe('a table in the log', () => {
  it('gives back every cell with its reason, through what the log accepts', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const logged = RunEvent.parse(JSON.parse(JSON.stringify(eventOf(loggedTable(rows)))));
        const table = cellTable(logged as ReturnType<typeof loggedTable>);
        const read = table.cells.map((cell) => ({ ...cell, reason: reasonOfCell(table, cell) }));
        expect(read).to.deep.equal(rows.map((one) => ({ ...one, reason: one.reason })));
        expect(new Set(table.reasons).size).to.equal(table.reasons.length);
      }),
    );
  });

  it('says a reason once for all cells that it fits but for their own names', () => {
    const cells = ['a', 'b'].flatMap((from) =>
      [80, 81].map((port): TableRow => {
        const place = { from: `x/${from}`, to: 'y/c', protocol: 'TCP', port };
        const why = `dropped: egress of ord-1-x/${from} isolated by ord-1-x/deny, no rule admits ord-1-y/c on TCP ${port}`;
        return { ...place, expected: 'dropped', measured: 'dropped', reason: why };
      }),
    );
    expect(loggedTable(cells)).to.deep.equal({
      reasons: [
        'dropped: egress of ord-1-{from} isolated by ord-1-x/deny, no rule admits ord-1-{to} on {protocol} {port}',
      ],
      columns: ['from', 'to', 'port', 'protocol', 'expected', 'measured', 'reason'],
      cells: [
        ['x/a', 'y/c', 80, 'TCP', 'dropped', 'dropped', 0],
        ['x/a', 'y/c', 81, 'TCP', 'dropped', 'dropped', 0],
        ['x/b', 'y/c', 80, 'TCP', 'dropped', 'dropped', 0],
        ['x/b', 'y/c', 81, 'TCP', 'dropped', 'dropped', 0],
      ],
    });
  });

  const columns = ['from', 'to', 'expected', 'measured', 'reason'];
  for (const [title, cell] of [
    ['too few values', ['a', 'b', 'open', 'open']],
    ['too many values', ['a', 'b', 'open', 'open', 0, 'open']],
    ['no such reason', ['a', 'b', 'open', 'open', 1]],
    ['a value of another kind', ['a', 80, 'open', 'open', 0]],
    ['no measured word', ['a', 'b', 'open', null, 0]],
  ] as const) {
    it(`is refused for a row with ${title}`, () => {
      expect(RunEvent.safeParse(eventOf({ reasons: ['r'], columns, cells: [cell] })).success).to.equal(false);
      expect(
        RunEvent.safeParse(eventOf({ reasons: ['r'], columns, cells: [['a', 'b', 'open', 'open', 0]] })).success,
      ).to.equal(true);
    });
  }
});
