import { expect } from 'chai';
import { OrdealError } from '../../base/errors.ts';
import { suitesRoot } from '../../base/paths.ts';
import { loadCases } from '../../case/load.ts';
import { fakeBed } from './fake-bed.test-support.ts';
import { globOf } from './glob.ts';
import { mutations, selectMutations } from './index.ts';

describe('mutations', () => {
  it('are at least thirty, each with a name of its own', () => {
    expect(mutations).to.have.lengthOf.at.least(30);
    expect(new Set(mutations.map(({ name }) => name))).to.have.property('size', mutations.length);
  });

  it('have a subset of twelve for CI, which needs no mesh and no CNI in particular but its own', () => {
    expect(selectMutations([], true)).to.have.lengthOf(12);
    expect(selectMutations([], true).filter(({ mesh }) => mesh !== undefined)).to.deep.equal([]);
  });

  it('each have cases that must fail and cases that must not, none of them both', async () => {
    const ids = (await loadCases(suitesRoot)).map(({ id }) => id);
    const among = (globs: readonly string[]) => ids.filter((id) => globs.some((glob) => globOf(glob).test(id)));
    for (const { name, mustFail, mustNotFail, kind } of mutations) {
      const [must, mustNot] = [among(mustFail), among(mustNotFail)];
      expect(must, `${name}: cases that must fail`).to.have.lengthOf.above(0);
      expect(mustNot, `${name}: cases that must not fail`).to.have.lengthOf.above(0);
      expect(
        must.filter((id) => mustNot.includes(id)),
        `${name}: both`,
      ).to.deep.equal([]);
      expect(kind, `${name}: words`).to.have.lengthOf.above(0);
    }
  });

  it('plan changes with titles, and touch nothing by planning', async () => {
    const { bed, touched } = fakeBed();
    for (const mutation of mutations) {
      const changes = await mutation.plan(bed);
      expect(changes, mutation.name).to.have.lengthOf.above(0);
      for (const { title } of changes) expect(title, mutation.name).to.not.equal('');
    }
    expect(touched()).to.deep.equal([]);
  });

  it('are found by name and area; a name that none bears is refused', () => {
    expect(selectMutations(['mesh'], false).every(({ area }) => area === 'mesh')).to.equal(true);
    expect(selectMutations(['loss-5', 'dns-gone'], false).map(({ name }) => name)).to.deep.equal([
      'dns-gone',
      'loss-5',
    ]);
    expect(() => selectMutations(['loss-50'], false)).to.throw(OrdealError, 'loss-50');
  });
});
