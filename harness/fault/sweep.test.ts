import { expect } from 'chai';
import { FakeNode } from '../node/fake-node.test-support.ts';
import { recordOfTests } from './planned.test-support.ts';
import type { ActRecord } from './record.ts';
import { sweepFaults } from './sweep.ts';

const record = (id: string, runId: string, act = 0): ActRecord => ({
  ...recordOfTests,
  ...{ id, runId, title: `fault ${id}`, act },
});
const listing = (...records: ActRecord[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');
const nodeWith = (stdout: string) =>
  new FakeNode().answer(/\*\.json/, { stdout }).answer(/\.undo harness/, { stdout: 'harness\n' });

describe('sweepFaults', () => {
  it('reverts what one run left and leaves the faults of others', async () => {
    const node = nodeWith(`${listing(record('a-1', 'a'), record('b-1', 'b'))}act a-1-act-0\nact b-1-act-0\n`);
    const swept = await sweepFaults({ exec: node.exec, nodes: ['one'], only: (found) => found?.runId === 'a' });
    expect(swept).to.deep.equal([{ node: 'one', act: 'a-1-act-0', title: 'fault a-1', by: 'harness' }]);
    expect(node.positions('one', /b-1/)).to.deep.equal([]);
  });

  it('takes away files and timers that no record belongs to, or a torn one', async () => {
    const node = nodeWith('{"id":"torn\nact torn-1-act-0\nact gone-1-act-10\n');
    const swept = await sweepFaults({ exec: node.exec, nodes: ['one'] });
    expect(swept.map(({ act, title }) => [act, title])).to.have.deep.members([
      ['torn-1-act-0', undefined],
      ['gone-1-act-10', undefined],
    ]);
    expect(node.positions('one', /systemctl stop ordeal-fault-gone-1-act-10\.timer/)).to.have.length(1);
  });

  it('tries every node before it complains', async () => {
    const node = new FakeNode().answer(/^one /, { code: 1, stderr: 'gone' });
    const error = await sweepFaults({ exec: node.exec, nodes: ['one', 'two'] }).catch(String);
    expect(error).to.match(/sweeping faults: could not list faults on node one/);
    expect(node.positions('two', /\*\.json/)).to.have.length(1);
  });
});
