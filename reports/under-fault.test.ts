import { expect } from 'chai';
import { parse } from 'yaml';
import { folderOf } from '../harness/events/fold.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { logVersion, type Outcome, RunEvent } from '../harness/events/types.ts';
import { conformanceYaml } from './conformance.ts';
import { runPage } from './html/run-page.ts';
import { junitXml } from './junit.ts';
import { terminalSummary } from './terminal.ts';
import { underFault } from './under-fault.ts';

interface Told {
  readonly fault: string;
  readonly area: string;
  readonly outcome: Outcome;
  readonly downtime?: number;
  readonly lost?: number;
}

const at = '2026-11-27T12:00:00.000Z';

function runOf(told: readonly Told[]): RunRecord {
  const began = { type: 'run.started', at, logVersion, runId: 'r', ordeal: '0', command: 'run', argv: ['run'] };
  const start = RunEvent.parse({ ...began, imageSource: 'auto' });
  if (start.type !== 'run.started') throw new Error('no start');
  const folder = folderOf(start);
  for (const { fault, area, outcome, downtime, lost = 0 } of told) {
    const key = { at, id: `${area}-during`, variant: fault };
    const planned = { title: 'While it holds', area, tier: 'core', tags: ['during', 'loss'], needs: [] };
    const measure = { type: 'case.measure', ...key, labels: {} };
    const measures =
      downtime === undefined
        ? []
        : [
            { ...measure, metric: 'under_fault.downtime', unit: 'ms', value: downtime },
            { ...measure, metric: 'under_fault.recovery', unit: 'ms', value: downtime / 2 },
            { ...measure, metric: 'under_fault.lost', unit: 'count', value: lost },
          ];
    const reason = outcome === 'passed' ? {} : { reason: 'isolation did not hold' };
    const events = [{ type: 'case.planned', ...key, ...planned }, { type: 'case.started', ...key }, ...measures];
    const finished = { type: 'case.finished', ...key, outcome, baseline: 'as-expected', ms: 5, ...reason };
    for (const event of [...events, finished]) folder.add(RunEvent.parse(event));
  }
  return folder.record();
}

describe('the matrix of areas and faults', () => {
  const run = runOf([
    { fault: 'loss:10%', area: 'dns', outcome: 'passed', downtime: 0 },
    { fault: 'loss:10%', area: 'services', outcome: 'passed', downtime: 1_200 },
    { fault: 'partition', area: 'dns', outcome: 'passed', downtime: 0, lost: 3 },
    { fault: 'partition', area: 'services', outcome: 'failed', downtime: 100 },
    { fault: 'scale@coredns:1', area: 'dns', outcome: 'skipped' },
  ]);

  it('tells what nobody noticed from what the fault explains, and a failure from both', () => {
    expect(underFault(run).map(({ verdict }) => verdict)).to.deep.equal([
      ...['held', 'degraded', 'degraded', 'failed', 'skipped'],
    ]);
  });

  it('is in the terminal, on the page, in JUnit and in the conformance report', () => {
    const text = terminalSummary(run);
    expect(text).to.contain('5 cells: 1 held, 2 degraded, 1 failed, 1 skipped');
    expect(text).to.match(/ {2}loss:10% +held +degraded, down 1.2 s, back in 600 ms\n/);
    expect(text).to.match(/ {2}scale@coredns:1 +skipped +-\n/);
    expect(runPage(run)).to.contain('While faults held').and.contain('degraded, down 1.2 s, back in 600 ms');
    expect(junitXml(run)).to.contain('while the fault held: degraded, down 1.2 s');
    const { underFault: cells } = parse(conformanceYaml(run)) as { underFault: unknown[] };
    expect(cells[3]).to.deep.equal({
      ...{ fault: 'partition', area: 'services', verdict: 'failed', downtimeMs: 100, recoveryMs: 50 },
      reason: 'isolation did not hold',
    });
  });
});
