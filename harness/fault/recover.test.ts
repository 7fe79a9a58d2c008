import { expect } from 'chai';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../base/process-alive.ts';
import { FakeNode } from '../node/fake-node.test-support.ts';
import { recordOfTests } from './planned.test-support.ts';
import { type FaultRecord, readRecords, writeRecord } from './record.ts';
import { leftRecords, settleRecord } from './recover.ts';

const dead = `${process.pid}.1`;
const record = (id: string, owner = dead): FaultRecord => {
  const acts = ['a', 'b'].map((name, index) => ({ index, node: 'one', undo: `mend-${name}` }));
  return { ...recordOfTests, id, owner, acts };
};

describe('write-ahead records', () => {
  let results: string;
  beforeEach(async () => {
    results = await mkdtemp(join(tmpdir(), 'ordeal-results-'));
  });

  it('are found in a run folder and in the folder of many, but not those of a run that lives', async () => {
    const run = join(results, 'run-1');
    await writeRecord(run, record('r-1'));
    await writeRecord(join(results, 'run-2'), record('r-2', processMark()));
    await writeFile(join(results, 'odd'), '');
    const found = [{ stateDir: run, record: record('r-1') }];
    expect(await leftRecords(results)).to.deep.equal(found);
    expect(await leftRecords(run)).to.deep.equal(found);
    expect(await leftRecords(join(results, 'none'))).to.deep.equal([]);
  });

  it('undo on nodes that lost what they kept, the last act first, and are forgotten then', async () => {
    await writeRecord(results, record('r-1'));
    const node = new FakeNode();
    await settleRecord({ stateDir: results, record: record('r-1') }, node.exec);
    expect(node.calls.map(({ argv }) => argv.at(-1))).to.deep.equal(['mend-b', 'mend-a']);
    expect(await readRecords(results)).to.deep.equal([]);
  });

  it('stay when an undo fails, and go with their cluster', async () => {
    await writeRecord(results, record('r-1'));
    const one = { stateDir: results, record: record('r-1') };
    const error = await settleRecord(one, new FakeNode().answer(/mend/, { code: 1, stderr: 'busy' }).exec).catch(
      String,
    );
    expect(error).to.match(/could not undo cut on node one: exit 1: busy/);
    expect(await readRecords(results)).to.have.length(1);
    await settleRecord(one, undefined);
    expect(await readRecords(results)).to.deep.equal([]);
  });
});
