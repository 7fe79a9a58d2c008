import { expect } from 'chai';
import { Command } from 'commander';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureFolder } from '../../reports/fixture.test-support.ts';
import { OrdealError } from '../base/errors.ts';
import { registerReport } from './report.ts';

interface Said {
  readonly out: string;
  readonly exitCode: unknown;
}

/** Runs the command as the shell would, with its output and exit code kept from this process. */
async function ordealReport(...args: string[]): Promise<Said> {
  const program = new Command('ordeal').exitOverride();
  const texts: string[] = [];
  const keep = (text: string): void => void texts.push(text);
  registerReport(program, { data: keep, tell: keep });
  try {
    await program.parseAsync(['node', 'ordeal', 'report', ...args]);
    return { out: texts.join(''), exitCode: process.exitCode };
  } finally {
    process.exitCode = undefined;
  }
}

async function refused(...args: string[]): Promise<string> {
  const error = await ordealReport(...args).catch((thrown: unknown) => thrown);
  if (error instanceof OrdealError) return `${error.code}: ${error.message} ${error.remedy ?? ''}`;
  throw new Error(`expected a refusal, got ${JSON.stringify(error)}`);
}

describe('ordeal report', () => {
  it('renders only what is asked for, and ends 0 whatever the run came to', async () => {
    const folder = await fixtureFolder();
    const { out, exitCode } = await ordealReport(folder, '--format', 'junit,conformance');
    expect(readdirSync(folder).sort()).to.deep.equal(['conformance.yaml', 'junit.xml', 'run.ndjson']);
    expect(out).to.contain('wrote ').and.not.to.contain('DOES NOT CONFORM');
    expect(exitCode).to.equal(undefined);
  });

  it("ends with the run's own exit code when told to, and writes nothing for the terminal alone", async () => {
    const dead = await fixtureFolder({ failedStep: 'create nodes' });
    const { out, exitCode } = await ordealReport(join(dead, 'run.ndjson'), '--format', 'terminal', '--exit-code');
    expect(out).to.contain('SET-UP FAILED (exit code 3)');
    expect(exitCode).to.equal(3);
    expect(readdirSync(dead)).to.deep.equal(['run.ndjson']);
  });

  it('sets several runs side by side and ends with the gravest code', async () => {
    const runs = [await fixtureFolder(), await fixtureFolder({ cni: 'cilium', failedStep: 'create nodes' })];
    const out = join(runs[0] ?? '', 'compared');
    const said = await ordealReport(...runs, '--out', out, '--exit-code');
    expect(said.out).to.contain('does not conform').and.contain('set-up failed');
    expect(existsSync(join(out, 'comparison.html'))).to.equal(true);
    expect(said.exitCode).to.equal(1);
  });

  it('refuses what it cannot do, with the remedy', async () => {
    const folder = await fixtureFolder();
    expect(await refused('no-such-run')).to.match(/^USAGE: no run "no-such-run"/);
    expect(await refused(folder, '--format', 'pdf'))
      .to.contain('USAGE')
      .and.contain('conformance');
    expect(await refused(folder, folder, '--format', 'junit')).to.contain('no junit of several runs');
    expect(await refused(folder, folder, '--format', 'html')).to.contain('--out FOLDER');
  });
});
