import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOfCell } from './case-table.ts';
import { loadRun } from './reader.ts';

const at = '2026-11-27T12:00:00.000Z';
const start = {
  type: 'run.started',
  at,
  logVersion: 2,
  runId: 'r',
  ordeal: '0',
  command: 'run',
  argv: [],
  imageSource: 'none',
};
const cells = [
  { from: 'x/a', to: 'y/b', port: 80, protocol: 'TCP', expected: 'open', measured: 'open', reason: 0 },
  { from: 'x/a', to: 'dns', expected: 'NOERROR', measured: 'SERVFAIL', result: 'differs' },
];
const table = {
  type: 'case.table',
  at,
  id: 'a',
  variant: 'upgraded',
  title: 'after',
  reasons: ['{from} is no name'],
  cells,
};

describe('a log of version 2', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ordeal-v2-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const read = (events: readonly object[]) => {
    const path = join(folder, 'run.ndjson');
    writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    return loadRun(path);
  };

  it('has the cells and reasons that it was written with', async () => {
    const [one] = (await read([start, table])).cases;
    const [found] = one?.tables ?? [];
    if (found === undefined) throw new Error('the table was not read');
    expect(one?.variant).to.equal('upgraded');
    expect(found.cells).to.deep.equal(cells);
    expect(found.cells.map((cell) => reasonOfCell(found, cell))).to.deep.equal(['{from} is no name', undefined]);
  });

  it('is refused where a table is none of that version either', async () => {
    const broken = { ...table, cells: [{ from: 'x/a', to: 'y/b', expected: 'open' }] };
    const error: unknown = await read([start, broken]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message').that.contains('line 2');
  });
});
