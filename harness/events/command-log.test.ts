import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, OrdealError } from '../base/errors.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { type LoggedCommand, logCommand } from './command-log.ts';
import { exitCodeFor } from './exit-code.ts';
import { loadRun } from './reader.ts';
import { nameOf } from './record.ts';

describe('the log of a command other than run', () => {
  let folder: string;
  let command: LoggedCommand;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ordeal-command-'));
    const about = { id: 'fuzz-networkpolicy', variant: 'seed 7', title: 'Random policies', area: 'networkpolicy' };
    command = { command: 'fuzz', runId: 'r1', folder, argv: ['fuzz', '--password', 'p'], ...about };
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read like that of a run: tables, histograms, phases, and its exit code', async () => {
    const code = await logCommand(command, async (recorder) => {
      const latencies = new LatencyHistogram();
      latencies.record(250);
      await recorder.phase('search', 'draw worlds', () => Promise.resolve());
      recorder.histogram('latency', latencies);
      recorder.table('world 3', [{ from: 'x/a', to: 'y/b', expected: 'open', measured: 'dropped', result: 'differs' }]);
      return { outcome: 'failed', reason: '1 cell differs' };
    });
    const run = await loadRun(folder);
    expect(code).to.equal(ExitCode.doesNotConform);
    expect(exitCodeFor(run)).to.equal(code);
    expect(run).to.deep.include({ command: 'fuzz', argv: ['fuzz', '--password', '[redacted]'] });
    expect(run.cases.map(nameOf)).to.deep.equal(['fuzz-networkpolicy [seed 7]']);
    expect(run.cases[0]?.tables[0]?.cells).to.have.length(1);
    expect(run.phases.map(({ edge }) => edge)).to.deep.equal(['began', 'ended']);
  });

  it('ends with the error that broke the command, and no verdict', async () => {
    const broken = new OrdealError('AGENT', 'no agent');
    const thrown: unknown = await logCommand(command, () => Promise.reject(broken)).catch((error: unknown) => error);
    const run = await loadRun(folder);
    expect(thrown).to.equal(broken);
    expect(run.finished).to.include({ exitCode: ExitCode.setupFailed, error: 'no agent' });
    expect(run.cases[0]?.result?.outcome).to.equal('inconclusive');
  });
});
