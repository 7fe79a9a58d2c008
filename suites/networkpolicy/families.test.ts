import { expect } from 'chai';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCases } from '../../harness/case/load.ts';

const here = dirname(fileURLToPath(import.meta.url));

describe('NetworkPolicy families', () => {
  it('hold at least what Cyclonus counts in each, with unique ids', async () => {
    const cases = (await loadCases(join(here, '..'))).filter((one) => one.area === 'networkpolicy');
    const count = (tag: string) => cases.filter((one) => one.tags.includes(tag)).length;
    const counts = Object.fromEntries(
      ['action', 'conflict', 'peers', 'ports', 'rules', 'target', 'upstream-e2e'].map((tag) => [tag, count(tag)]),
    );
    expect(counts['action']).to.be.at.least(6);
    expect(counts['conflict']).to.be.at.least(16);
    expect(counts['peers']).to.equal(112);
    expect(counts['ports']).to.equal(70);
    expect(counts['rules']).to.equal(4);
    expect(counts['target']).to.be.at.least(6);
    expect(counts['upstream-e2e']).to.be.at.least(13);
    expect(count('namespaces-by-default-label')).to.equal(2);
    expect(count('example')).to.equal(1);
    expect(new Set(cases.map((one) => one.id)).size).to.equal(cases.length);
  });
});
