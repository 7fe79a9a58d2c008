import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ConformanceReport } from './conformance-schema.ts';
import { fixtureFolder } from './fixture.test-support.ts';
import { renderAll } from './render-all.ts';
import type { Format } from './formats.ts';

const quick: Format[] = ['junit', 'conformance', 'html', 'allure'];

describe('renderAll', () => {
  it('writes every file beside the log, and the same bytes when asked again', async () => {
    const folder = await fixtureFolder();
    const { rendered } = await renderAll(folder, { formats: quick });
    const paths = rendered.flatMap((one) => ('path' in one ? [one.path] : []));
    expect(paths.map((path) => path.slice(folder.length + 1)).sort()).to.deep.equal([
      'allure-results',
      'conformance.yaml',
      'junit.xml',
      'report.html',
    ]);
    const texts = paths.filter((path) => path.includes('.')).filter((path) => !path.endsWith('allure-results'));
    const before = texts.map((path) => readFileSync(path, 'utf8'));
    await renderAll(join(folder, 'run.ndjson'), { formats: quick });
    expect(texts.map((path) => readFileSync(path, 'utf8'))).to.deep.equal(before);
  });

  it('renders what a killed run left, and says so in each report', async () => {
    const folder = await fixtureFolder({ killedIn: 'services-case-03' });
    await appendFile(join(folder, 'run.ndjson'), '{"type":"case.fini');
    await renderAll(folder, { formats: quick });
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(read('junit.xml')).to.match(/<error [^>]*the log has no end/);
    expect(read('report.html')).to.contain('INCONCLUSIVE');
    const report = ConformanceReport.parse(parse(read('conformance.yaml')));
    expect(report.exitCode).to.equal(4);
    expect(report.profiles.find(({ name }) => name === 'services')?.core?.result).to.equal('partial');
  });

  it('renders a run whose set-up died before any case', async () => {
    const folder = await fixtureFolder({ failedStep: 'create nodes' });
    await renderAll(folder, { formats: quick });
    const report = ConformanceReport.parse(parse(readFileSync(join(folder, 'conformance.yaml'), 'utf8')));
    expect(report).to.deep.include({ exitCode: 3, profiles: [], setupError: 'create nodes: kind said no' });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).to.contain('SET-UP FAILED');
    expect(existsSync(join(folder, 'allure-results', 'executor.json'))).to.equal(true);
  });

  it('writes elsewhere when told to, and leaves the run folder alone', async () => {
    const folder = await fixtureFolder();
    const out = join(await fixtureFolder(), 'other', 'place');
    await renderAll(folder, { out, formats: ['junit'] });
    expect(existsSync(join(out, 'junit.xml'))).to.equal(true);
    expect(existsSync(join(folder, 'junit.xml'))).to.equal(false);
  });
});

describe('conformance report', () => {
  it('counts, judges and explains per area and tier', async () => {
    const folder = await fixtureFolder();
    await renderAll(folder, { formats: ['conformance'] });
    const report = ConformanceReport.parse(parse(readFileSync(join(folder, 'conformance.yaml'), 'utf8')));
    const area = (name: string) => report.profiles.find((profile) => profile.name === name)?.core;
    expect(area('networkpolicy')).to.deep.include({
      result: 'failure',
      failedCases: ['networkpolicy-case-07', 'networkpolicy-case-19'],
    });
    expect(area('services')?.result, 'a known failure is no success').to.equal('partial');
    expect(area('rollout')?.result).to.equal('success');
    expect(area('mesh')?.unsupportedCases?.[0]?.reason).to.contain('no mesh was installed');
    expect(report.knownFailures.map((one) => one.case)).to.deep.equal(['services-case-05']);
    expect(report.unexpectedPasses.map((one) => one.case)).to.deep.equal(['dns-case-02']);
    expect(report.unsupportedFeatures.map(({ feature }) => feature)).to.deep.equal(['SCTP', 'Mesh']);
    expect(report.reproduce[1]).to.contain('--include networkpolicy-case-07,networkpolicy-case-19,faults-case-06');
  });
});
