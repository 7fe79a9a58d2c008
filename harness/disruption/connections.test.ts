import { expect } from 'chai';
import type { Sample } from '../probe/agent-types.ts';
import { cutsIn } from './connections.ts';

const on = (...connections: (number | undefined)[]): Sample[] =>
  connections.map((connection, index) => ({ atMs: index, verdict: 'open', latencyUs: 1, connection }));

describe('cuts of a kept connection', () => {
  it('are seen where the ordinal changes, though every exchange was answered', () => {
    expect(cutsIn(on(0, 0, 1, 1, 2)).map(({ atMs }) => atMs)).to.deep.equal([2, 4]);
    expect(cutsIn(on(0, 0, 0))).to.deep.equal([]);
  });
  it('are none where connections are not kept', () => {
    expect(cutsIn(on(undefined, undefined))).to.deep.equal([]);
    expect(cutsIn([])).to.deep.equal([]);
  });
});
