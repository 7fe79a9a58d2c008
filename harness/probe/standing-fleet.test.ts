import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import { nodeRing } from './standing-fleet.ts';
import type { Agent } from './agent-types.ts';

const podsOn = (nodes: number) =>
  Array.from({ length: nodes }, (_, node) =>
    [0, 1].map((copy) => ({ name: `${node}-${copy}`, node: `n${node}` }) as Agent),
  ).flat();
const names = (pairs: ReturnType<typeof nodeRing>) => pairs.map(([from, to]) => `${from.name} ${to.name}`);

describe('a ring of nodes', () => {
  it('has every node once as a client and once as a server', () => {
    expect(names(nodeRing(podsOn(3)))).to.deep.equal(['0-0 1-0', '1-0 2-0', '2-0 0-0']);
  });

  it('goes there and back between two', () => {
    expect(names(nodeRing(podsOn(2)))).to.deep.equal(['0-0 1-0', '1-0 0-0']);
  });

  it('is a sample of many nodes', () => {
    expect(names(nodeRing(podsOn(4), 2))).to.deep.equal(['0-0 2-0', '2-0 0-0']);
  });

  it('is none on one node', () => {
    expect(() => nodeRing(podsOn(1))).to.throw(InconclusiveError, 'one node only');
  });
});
