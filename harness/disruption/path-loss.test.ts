import { expect } from 'chai';
import { agentStub } from '../table/stubs.test-support.ts';
import { nodePaths } from './path-loss.ts';

const fleet = (nodes: number, perNode = 2) =>
  Array.from({ length: nodes * perNode }, (_, index) =>
    agentStub({ name: `fleet-${index}`, node: `n${Math.floor(index / perNode)}` }),
  );
const names = (nodes: number, most: number, perNode = 2) =>
  nodePaths(fleet(nodes, perNode), most).map(({ from, to }) => `${from}>${to}`);

describe('paths between nodes', () => {
  it('are all ordered pairs of a small cluster, each node with itself too, and every pair of agents on them', () => {
    expect(names(2, 24)).to.have.members(['n0>n0', 'n1>n1', 'n0>n1', 'n1>n0']);
    const all = names(4, 24);
    expect([all.length, new Set(all).size]).to.deep.equal([16, 16]);
    const flows = nodePaths(fleet(2), 24).map((path) => path.flows.length);
    expect(flows).to.have.members([2, 2, 4, 4]);
  });

  it('are a sample of a large cluster in which every node sends and receives across', () => {
    const some = nodePaths(fleet(10), 30);
    expect(some).to.have.lengthOf(30);
    const across = some.filter(({ from, to }) => from !== to);
    expect(new Set(across.map(({ from }) => from)).size).to.equal(10);
    expect(new Set(across.map(({ to }) => to)).size).to.equal(10);
  });

  it('have no path within a node of one agent, and always some across', () => {
    expect(names(2, 24, 1)).to.have.members(['n0>n1', 'n1>n0']);
    expect(names(30, 24)).to.include.members(['n0>n0', 'n0>n1', 'n1>n0', 'n29>n0']);
  });
});
