import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fixtureFolder, fixtureRun } from '../fixture.test-support.ts';
import { generateAllureHtml } from './html.ts';
import { writeAllureResults } from './write.ts';

const Summary = z.looseObject({ stats: z.record(z.string(), z.number()) });

describe('Allure HTML', () => {
  it('is made by Allure 3 where there is no Java, and counts every case as we do', async () => {
    const folder = await fixtureFolder();
    writeAllureResults(await fixtureRun(), join(folder, 'results'));
    const made = await generateAllureHtml(join(folder, 'results'), join(folder, 'allure-report'), {
      javaCommand: 'no-such-java',
    });
    if ('missing' in made) throw new Error(made.missing);
    const summary = Summary.parse(JSON.parse(readFileSync(join(made.folder, 'summary.json'), 'utf8')));
    expect(summary.stats).to.include({ total: 75, passed: 62, failed: 3, broken: 1, skipped: 9 });
  });

  it('says why there is none when the results cannot be read', async () => {
    const folder = await fixtureFolder();
    const made = await generateAllureHtml(join(folder, 'nowhere'), join(folder, 'allure-report'), {
      javaCommand: 'no-such-java',
    });
    expect(made).to.have.property('missing').that.contains('allure generate failed');
  });

  it('says which package makes one where none is installed', async () => {
    const folder = await fixtureFolder();
    const resolve = (name: string): never => {
      throw new Error(`Cannot find module '${name}'`);
    };
    const made = await generateAllureHtml(join(folder, 'results'), join(folder, 'allure-report'), { resolve });
    expect(made).to.have.property('missing').that.contains('npm install allure');
  });
});
