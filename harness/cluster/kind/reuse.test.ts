import { expect } from 'chai';
import { OrdealError } from '../../base/errors.ts';
import type { OwnedCluster } from '../ownership.ts';
import { requireKept } from './reuse.ts';

const cluster = (name: string, ownerAlive: boolean): OwnedCluster => {
  return { name, network: `ordeal-${name}`, runId: 'r1', kept: true, ownerAlive };
};

describe('requireKept', () => {
  it('takes a cluster that a run of ours kept and left', () => {
    expect(() => requireKept('a', [cluster('b', true), cluster('a', false)])).to.not.throw();
  });

  it('refuses one that is not ours, and names those that are', () => {
    expect(() => requireKept('theirs', [cluster('a', false)]))
      .to.throw(OrdealError, 'no kind cluster of ours')
      .with.property('code', 'USAGE');
    expect(() => requireKept('theirs', [cluster('a', false)]))
      .to.throw()
      .with.property('remedy')
      .that.matches(/Ours now: a\./);
  });

  it('refuses one whose maker still runs', () => {
    expect(() => requireKept('a', [cluster('a', true)])).to.throw(OrdealError, 'still runs');
  });
});
