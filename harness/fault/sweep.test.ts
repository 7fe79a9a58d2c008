import { expect } from 'chai';
import { FakeNode } from '../node/fake-node.test-support.ts';
import type { FaultRecord } from './record.ts';
import { sweepFaults } from './sweep.ts';

const record = (id: string, runId: string): FaultRecord => ({
  ...{ id, runId, cluster: 'c', title: `fault ${id}`, madeAt: '2026-01-01T00:00:00Z', deadlineMs: 1000, undo: {} },
});
const cluster = (node: FakeNode, names: readonly string[]) => ({
  nodeExec: node.exec,
  info: { nodes: names.map((name) => ({ name })) } as never,
});
const listing = (...records: FaultRecord[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('sweepFaults', () => {
  it('reverts what one run left and leaves the faults of others', async () => {
    const node = new FakeNode()
      .answer(/\*\.json/, { stdout: listing(record('a-1', 'a'), record('b-1', 'b')) })
      .answer(/\.undo harness/, { stdout: 'harness\n' });
    const swept = await sweepFaults(cluster(node, ['one']), 'a');
    expect(swept).to.deep.equal([{ node: 'one', id: 'a-1', title: 'fault a-1', by: 'harness' }]);
    expect(node.positions('one', /b-1/)).to.deep.equal([]);
  });

  it('tries every node before it complains', async () => {
    const node = new FakeNode().answer(/^one /, { code: 1, stderr: 'gone' });
    const error = await sweepFaults(cluster(node, ['one', 'two'])).catch(String);
    expect(error).to.match(/sweeping faults: could not list records on node one/);
    expect(node.positions('two', /\*\.json/)).to.have.length(1);
  });

  it('has nothing to sweep where nodes cannot be entered', async () => {
    expect(await sweepFaults({ ...cluster(new FakeNode(), ['one']), nodeExec: undefined })).to.deep.equal([]);
  });
});
