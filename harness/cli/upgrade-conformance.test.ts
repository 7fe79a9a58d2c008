import { expect } from 'chai';
import { suitesRoot } from '../base/paths.ts';
import { loadCases } from '../case/load.ts';
import { touchesOthers } from '../case/touches.ts';
import { quickSuite } from './upgrade-conformance.ts';

describe('the quick suite of an upgrade', () => {
  it('names cases that there are, and none that disturbs a cluster', async () => {
    const cases = (await loadCases(suitesRoot)).filter(({ id }) => quickSuite.includes(id));
    expect(cases.map(({ id }) => id)).to.have.members([...quickSuite]);
    expect(cases.filter((one) => touchesOthers(one).length > 0).map(({ id }) => id)).to.deep.equal([]);
  });
});
