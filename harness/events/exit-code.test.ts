import { expect } from 'chai';
import fc from 'fast-check';
import { exitCodeFor, leakedFaults } from './exit-code.ts';
import { folderOf } from './fold.ts';
import { statusOf } from './record.ts';
import type { RunRecord } from './record.ts';
import { type FaultPhase, logVersion, Outcome } from './types.ts';
import type { RunEvent } from './types.ts';

const at = '2026-11-21T12:00:00.000Z';
type Baseline = Extract<RunEvent, { type: 'case.finished' }>['baseline'];

const planned = (id: string): RunEvent => ({
  type: 'case.planned',
  at,
  id,
  title: id,
  area: 'dns',
  tier: 'core',
  tags: [],
  needs: [],
});
const finished = (id: string, outcome: Outcome, baseline: Baseline = 'as-expected'): RunEvent[] => [
  planned(id),
  { type: 'case.started', at, id },
  { type: 'case.finished', at, id, outcome, baseline, ms: 5 },
];
const end = (exitCode = 0, error?: string): RunEvent => ({ type: 'run.finished', at, exitCode, ms: 9, error });
const step = (outcome: 'ok' | 'failed'): RunEvent => ({ type: 'step', at, title: 'create nodes', ms: 1, outcome });
const fault = (phase: FaultPhase, faultId = 'r-1', caseId: string | undefined = 'a'): RunEvent => ({
  type: 'fault',
  at,
  faultId,
  driver: 'partition',
  caseId,
  phase,
  detail: '',
});

function runOf(...events: (RunEvent | RunEvent[])[]): RunRecord {
  const folder = folderOf({
    type: 'run.started',
    at,
    logVersion,
    command: 'run',
    runId: 'r',
    ordeal: '0',
    argv: [],
    imageSource: 'source',
  });
  for (const event of events.flat()) folder.add(event);
  return folder.record();
}

describe('exitCodeFor', () => {
  it('is 0 only when something was judged, all is decided and nothing unknown failed', () => {
    expect(exitCodeFor(runOf(finished('a', 'passed'), end()))).to.equal(0);
    expect(exitCodeFor(runOf(finished('a', 'passed'), finished('b', 'skipped'), end()))).to.equal(0);
    expect(exitCodeFor(runOf(finished('a', 'failed', 'known-failure'), end()))).to.equal(0);
    expect(exitCodeFor(runOf(finished('a', 'passed', 'unexpected-pass'), end()))).to.equal(0);
  });

  it('is 4 when nothing was judged or something is open', () => {
    expect(exitCodeFor(runOf(end()))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'skipped'), finished('b', 'unsupported'), end()))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'passed'), finished('b', 'inconclusive'), end()))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'passed'), planned('b'), end()))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'passed'), fault('leaked'), end()))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'passed'), fault('leaked'), fault('deadline-reverted'), end()))).to.equal(0);
    expect(exitCodeFor(runOf(finished('a', 'passed'), fault('not-reverted'), end()))).to.equal(4);
  });

  it('does not let a second fault of the same case and driver hide one that leaked', () => {
    const second = [fault('injected', 'r-2'), fault('reverted', 'r-2')];
    const run = runOf(finished('a', 'passed'), fault('injected'), fault('leaked'), second, end());
    expect(exitCodeFor(run)).to.equal(4);
    expect(leakedFaults(run).map(({ faultId }) => faultId)).to.deep.equal(['r-1']);
  });

  it('does not take a torn log for a good one', () => {
    expect(exitCodeFor(runOf(finished('a', 'passed')))).to.equal(4);
    expect(exitCodeFor(runOf(finished('a', 'passed')), { stillOpen: true })).to.equal(0);
  });

  it('tells broken set-up from a broken network', () => {
    expect(exitCodeFor(runOf(step('failed'), end(3, 'no nodes')))).to.equal(3);
    expect(exitCodeFor(runOf(step('failed')), { stillOpen: true })).to.equal(3);
    expect(exitCodeFor(runOf(step('failed'), finished('a', 'passed'), end()))).to.equal(0);
    expect(exitCodeFor(runOf(finished('a', 'failed'), end(3, 'tear-down failed')))).to.equal(1);
    expect(exitCodeFor(runOf(end(130, 'interrupted')))).to.equal(130);
    expect(exitCodeFor(runOf(end(2, 'unknown area')))).to.equal(2);
  });

  it('never says 0 while an unknown failure is among the cases, whatever stands beside it', () => {
    const outcomes = fc.array(fc.constantFrom(...Outcome.options), { minLength: 0, maxLength: 8 });
    fc.assert(
      fc.property(outcomes, fc.nat(), (others, where) => {
        const all = others.toSpliced(where % (others.length + 1), 0, 'failed');
        const cases = all.map((outcome, index) => finished(`c${index}`, outcome));
        expect(exitCodeFor(runOf(...cases, end()))).to.equal(1);
      }),
    );
  });
});

describe('folder', () => {
  it('tells a case that never ran from one that never ended', () => {
    const run = runOf(planned('a'), planned('b'), { type: 'case.started', at, id: 'b' }, finished('c', 'passed'));
    expect(run.cases.map(statusOf)).to.deep.equal(['not-run', 'inconclusive', 'passed']);
  });

  it('gives each case its own details, in order, whatever the interleaving', () => {
    const parameter = (id: string, value: string): RunEvent => ({ type: 'case.parameter', at, id, name: 'n', value });
    const run = runOf(planned('a'), planned('b'), parameter('a', '1'), parameter('b', '2'), parameter('a', '3'));
    expect(run.cases.map((one) => one.parameters.map(({ value }) => value))).to.deep.equal([['1', '3'], ['2']]);
  });

  it('keeps a case that nobody planned', () => {
    const [stray] = runOf({ type: 'case.started', at, id: 'dns-x' }).cases;
    expect(stray).to.include({ id: 'dns-x', area: 'dns', title: 'dns-x' });
  });

  it('hands fault phases to the case that made them', () => {
    const run = runOf(planned('a'), fault('leaked'));
    expect(run.cases[0]?.faults).to.have.length(1);
    expect(run.faults).to.have.length(1);
  });

  it('keeps a fault that no case made', () => {
    const run = runOf(planned('a'), { ...fault('leaked'), caseId: undefined } as RunEvent);
    expect(run.cases[0]?.faults).to.have.length(0);
    expect(run.faults).to.have.length(1);
  });
});
