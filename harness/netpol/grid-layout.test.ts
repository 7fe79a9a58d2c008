import { expect } from 'chai';
import fc from 'fast-check';
import { spreadOver, wholeGridCells } from './grid-layout.ts';
import { describeSpread } from './grid-types.ts';
import type { Agent } from '../probe/agent-types.ts';

describe('the pods of a grid', () => {
  it('are spread over as many nodes as there are, evenly, one letter and one namespace over several', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), (count) => {
        const nodes = Array.from({ length: count }, (_, index) => `n${index}`);
        const homes = spreadOver(wholeGridCells, nodes);
        expect(new Set(homes).size).to.equal(Math.min(count, 5));
        for (const key of ['ns', 'pod'] as const)
          for (const same of Map.groupBy(wholeGridCells.keys(), (index) => wholeGridCells[index]?.[key]).values())
            expect(new Set(same.map((index) => homes[index])).size).to.be.above(1);
      }),
    );
    expect(spreadOver(wholeGridCells, ['one'])).to.eql(Array(9).fill('one'));
    expect(spreadOver(wholeGridCells, [])).to.eql(Array(9).fill(undefined));
  });

  it('are told by node', () => {
    const on = (node: string) => ({ agent: { node } as Agent });
    expect(describeSpread([on('a'), on('b'), on('a')])).to.equal('a 2, b 1');
  });
});
