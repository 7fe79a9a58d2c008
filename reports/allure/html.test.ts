import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureFolder } from '../fixture.test-support.ts';
import { generateAllureHtml } from './html.ts';

describe('Allure HTML', () => {
  it('is honestly missing, with the remedy, where there is no Java', async () => {
    const folder = await fixtureFolder();
    const made = await generateAllureHtml(folder, join(folder, 'allure-report'), 'no-such-java');
    expect(made).to.have.property('missing').that.contains('Install one');
    expect(existsSync(join(folder, 'allure-report'))).to.equal(false);
  });
});
