import { expect } from 'chai';
import { Command } from 'commander';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../events/writer.ts';
import { logVersion } from '../events/types.ts';
import { registerCompare } from './compare.ts';

const root = mkdtempSync(join(tmpdir(), 'ordeal-compare-'));
after(() => rmSync(root, { recursive: true }));

function logOf(runId: string, value: number): string {
  const folder = join(root, runId);
  const log = openLog(join(folder, 'run.ndjson'));
  log.emit({ type: 'run.started', logVersion, runId, ordeal: '0', command: 'run', argv: [], imageSource: 'none' });
  log.emit({ type: 'case.measure', id: 'dns-x', metric: 'endpoint_added', unit: 'ms', value, labels: {} });
  log.emit({ type: 'run.finished', exitCode: 0, ms: 1 });
  log.close();
  return folder;
}

async function compare(...words: string[]): Promise<string> {
  let said = '';
  const program = new Command().exitOverride();
  registerCompare(
    program,
    (text) => void (said += text),
    () => undefined,
  );
  await program.parseAsync(['compare', ...words], { from: 'user' });
  return said;
}

const refused = async (...words: string[]): Promise<string> => {
  const error: unknown = await compare(...words).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).to.have.property('code', 'USAGE');
  return error instanceof Error ? error.message : '';
};

describe('ordeal compare', () => {
  const [slow, fast] = [
    [50, 51, 52, 53],
    [10, 11, 12, 13],
  ].map((values, group) => values.map((value, index) => logOf(`r${group}-${index}`, value)).join(','));

  it('sets groups of runs against each other', async () => {
    expect(await compare(`slow=${slow ?? ''}`, `fast=${fast ?? ''}`)).to.match(/fast against slow[^]*better/);
  });

  it('writes every format into a folder', async () => {
    const out = join(root, 'out');
    await compare(`slow=${slow ?? ''}`, `fast=${fast ?? ''}`, '--out', out);
    expect(
      readdirSync(out)
        .map((name) => name.split('.')[1])
        .sort(),
    ).to.deep.equal(['csv', 'html', 'json', 'md', 'prom', 'txt', undefined]);
    const allure = readdirSync(join(out, 'comparison-allure-results'));
    expect(allure.filter((name) => name.endsWith('-result.json'))).to.have.lengthOf(2);
  });

  describe('with a baseline', () => {
    const out = join(root, 'baseline');
    const file = join(out, 'comparison.json');
    const five = (group: number, from: number) =>
      Array.from({ length: 5 }, (_, index) => logOf(`g${group}-${index}`, from + index)).join(',');
    const [usual, worse, same] = [five(0, 10), five(1, 20), five(2, 10)];
    const gate = async (runs: string, ...more: string[]) => {
      const said = await compare(`net=${runs}`, '--baseline', file, '--fail-on', 'worse:10%', ...more);
      return { said, exitCode: process.exitCode };
    };

    before(() => compare(`net=${usual}`, '--out', out));
    afterEach(() => (process.exitCode = undefined));

    it('fails where a metric got worse, with exit code 1', async () => {
      const { said, exitCode } = await gate(worse);
      expect(said).to.match(/net against net \(baseline\)[^]*gate: failed[^]*worse, \+83 %[^]*of 100 gates/);
      expect(exitCode).to.equal(1);
    });

    it('passes where none did, and is undecided (4) where rounds are too few', async () => {
      expect(await gate(same)).to.have.property('exitCode', 0);
      expect(await gate(worse.split(',').slice(0, 3).join(','))).to.have.property('exitCode', 4);
    });

    it('refuses a file that is no comparison, other subjects, and limits it does not know', async () => {
      expect(await refused(`net=${same}`, '--baseline', join(root, 'nowhere.json'))).to.contain('nowhere.json failed');
      expect(await refused(`net=${same}`, '--baseline', join(out, 'comparison.md'))).to.contain('reading the baseline');
      expect(await refused(`a=${same}`, `b=${worse}`, '--baseline', file)).to.contain(
        'is of net, and the runs are of a, b',
      );
      expect(await refused(`net=${same}`, '--baseline', file, '--fail-on', '10')).to.contain(
        '--fail-on: worse:PERCENT%',
      );
      expect(await refused(`net=${same}`, '--fail-on', 'worse:10%')).to.contain('needs --baseline');
    });
  });

  it('refuses what it cannot use', async () => {
    const [one = ''] = (slow ?? '').split(',');
    expect(await refused('nowhere')).to.contain('no run "nowhere"');
    expect(await refused(`a=${one}`, `b=${one}`)).to.contain('named twice');
    expect(await refused(one, '--metric', 'speed')).to.contain('--metric speed: no run measured it');
    expect(await refused(one, '--format', 'pdf')).to.contain('--format');
    expect(await refused(one, '--format', 'json,csv')).to.contain('--out');
    expect(await refused(`=${one}`)).to.contain('NAME=RUN');
    expect(await refused()).to.contain('nothing to compare');
  });

  it('refuses networks that it cannot measure, before anything is made', async () => {
    const [one = ''] = (slow ?? '').split(',');
    expect(await refused(one, '--cni', 'calico')).to.contain('at once');
    expect(await refused('--cni', 'carrier-pigeon')).to.contain('--cni');
    expect(await refused('--cni', 'calico', '--workers', '1')).to.contain('--workers');
    expect(await refused('--cni', 'calico', '--rounds', '0')).to.contain('--rounds');
    expect(await refused('--cni', 'calico', '--profile', 'slow')).to.contain('--profile');
    expect(await refused('--cni', 'calico', '--precision', '5')).to.contain('--precision: PERCENT%');
    expect(await refused('--cni', 'calico', '--mesh', 'none,carrier')).to.contain('--mesh');
    expect(await refused('--cluster', 'x', '--mesh', 'none')).to.contain('--mesh needs --cni');
    expect(await refused('--cni', 'calico', '--kubeconfig', 'x')).to.contain('measured alone');
    expect(await refused('--cni', 'calico', '--timeouts', 'nowhere.yaml')).to.contain('nowhere.yaml');
    expect(await refused('--cni', 'calico', '--out', one)).to.contain('run.ndjson');
  });
});
