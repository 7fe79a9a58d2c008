import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureFolder, fixtureRun } from '../fixture.test-support.ts';
import { generateAllureHtml } from './html.ts';
import { writeAllureResults } from './write.ts';

describe('Allure HTML, by the real allure-commandline', () => {
  it('counts every case as we do, where there is Java', async function () {
    this.timeout(180_000);
    const folder = await fixtureFolder();
    writeAllureResults(await fixtureRun(), join(folder, 'results'));
    const made = await generateAllureHtml(join(folder, 'results'), join(folder, 'report'));
    if ('missing' in made) throw new Error(made.missing);
    const file = join(made.folder, 'widgets', 'summary.json');
    if (!existsSync(file)) return this.skip();
    const summary: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const counts = { failed: 3, broken: 1, skipped: 9, passed: 62, unknown: 0, total: 75 };
    expect(summary).to.have.deep.property('statistic', counts);
  });
});
