import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, suitesRoot } from '../base/paths.ts';
import { defineCase } from '../case/define-case.ts';
import { loadCases } from '../case/load.ts';
import { casesPage } from './cases-page.ts';

const one = defineCase({
  id: 'dns-a',
  title: 'a | b',
  area: 'dns',
  touches: 'own',
  rights: [],
  source: 'RFC 4343; https://www.x.example/docs/page/#part (remark)',
  run: () => Promise.resolve(),
});

describe('casesPage', () => {
  it('gives a row a case, with links to where its rule comes from', () => {
    const page = casesPage([one]);
    expect(page).to.contain('## dns (1)');
    expect(page).to.contain('| `dns-a` | core | a \\| b |  |  | [RFC 4343](https://www.rfc-editor.org/rfc/rfc4343);');
    expect(page).to.contain('[x.example: part](https://www.x.example/docs/page/#part)');
  });

  it('shows titles in one style: a sentence without its dot, from a capital or a name of the API on', async () => {
    const odd = (await loadCases(suitesRoot)).filter(({ title }) => !/^([A-Z]|[a-z]+[A-Z.]).*[^.]$/.test(title));
    expect(odd.map(({ title }) => title)).to.deep.equal([]);
  });

  it('is what docs/cases.md says: `npm run docs:cases` writes it anew', async () => {
    const written = readFileSync(join(projectRoot, 'docs', 'cases.md'), 'utf8');
    expect(written).to.equal(casesPage(await loadCases(suitesRoot)));
  });
});
