import { expect } from 'chai';
import { PeerCases } from './peer-progress.ts';

describe('what Cyclonus tells', () => {
  it('is read as seconds from its first case to the end of the last that finished', () => {
    const cases = new PeerCases();
    cases.read('testing 6 cases', 1_000);
    expect(cases.read('starting test case #1', 20_000)).to.deep.equal({ chosen: 6, finished: 0, seconds: 0 });
    cases.read('finished policy #1', 80_000);
    cases.read('starting test case #2', 80_100);
    expect(cases.read('finished policy #2', 150_000)).to.deep.equal({ chosen: 6, finished: 2, seconds: 130 });
    cases.read('starting test case #3', 150_100);
    expect(cases.progress()).to.deep.equal({ chosen: 6, finished: 2, seconds: 130 });
  });
});
