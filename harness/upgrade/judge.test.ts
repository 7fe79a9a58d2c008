import { expect } from 'chai';
import { BudgetFile } from './budget.ts';
import { type Circumstances, judge, type LaneOutcome } from './judge.ts';
import type { Lane } from './lane.ts';
import type { LaneWindow, Totals } from './lane-book.ts';

const file = BudgetFile.parse({});
const calm: Circumstances = { commandFailed: undefined, worse: [], unjudged: [] };
const totals = (more: Partial<Totals> = {}): Totals => {
  return { attempts: 100, failed: 0, unknown: 0, lost: 0, cuts: 0, wellUs: 1, maxUs: 1, ...more };
};
const probe = { kind: 'tcp', host: 'a', port: 1, timeoutMs: 1 } as const;
const lane = (more: Partial<Lane> = {}): Lane => ({
  ...{ id: 'l', class: 'cluster-ip', client: { workload: 'plain', node: 'n1' }, to: 'Service web', transport: 'TCP' },
  ...{ connections: 'new', expected: 'open', spec: { probe, everyMs: 100, reuse: false } },
  ...more,
});
const window = (ms: number, more: Partial<LaneWindow> = {}): LaneWindow => {
  return {
    kind: 'down',
    fromMs: 1_000,
    toMs: 1_000 + ms,
    attempts: 1,
    recovered: true,
    classes: { dropped: 1 },
    ...more,
  };
};
const outcome = (more: Partial<LaneOutcome> = {}): LaneOutcome => {
  return { lane: lane(), before: totals(), during: totals(), windows: [], ...more };
};
const verdictOf = (one: LaneOutcome, around = calm) => judge([one], file, around).verdict;

describe('the verdict on an upgrade', () => {
  it('is safe where nothing failed', () => {
    expect(verdictOf(outcome())).to.equal('safe');
  });

  it('is safe with downtime within the budget, and names path and window', () => {
    const { verdict, reasons } = judge([outcome({ windows: [window(400)] })], file, calm);
    expect(verdict).to.equal('safe with downtime');
    expect(reasons[0]).to.match(/n1 -> Service web, TCP, new connections: down 400 ms from/);
  });

  it('is unsafe over it: by the longest window, the sum, or the attempts', () => {
    expect(verdictOf(outcome({ windows: [window(1_001)] }))).to.equal('unsafe');
    expect(verdictOf(outcome({ windows: Array.from({ length: 6 }, () => window(900)) }))).to.equal('unsafe');
    expect(verdictOf(outcome({ windows: [window(500, { attempts: 31 })] }))).to.equal('unsafe');
  });

  it('is unsafe for any leak, a failed command, and a case that got worse', () => {
    const leak = window(0, { kind: 'leak' });
    expect(verdictOf(outcome({ lane: lane({ class: 'policy-deny', expected: 'closed' }), windows: [leak] }))).to.equal(
      'unsafe',
    );
    expect(verdictOf(outcome(), { ...calm, commandFailed: 'it ended with 1' })).to.equal('unsafe');
    expect(verdictOf(outcome(), { ...calm, worse: ['dns-srv'] })).to.equal('unsafe');
  });

  it('takes what the machine or a missing agent did for no downtime', () => {
    expect(
      verdictOf(outcome({ windows: [window(5_000, { kind: 'starved' }), window(5_000, { kind: 'lost' })] })),
    ).to.equal('safe');
  });

  it('is inconclusive where too much was lost, or nothing worked before', () => {
    expect(verdictOf(outcome({ during: totals({ attempts: 40, lost: 60 }) }))).to.equal('inconclusive');
    expect(verdictOf(outcome({ during: totals({ attempts: 0 }) }))).to.equal('inconclusive');
    expect(verdictOf(outcome({ before: totals({ failed: 100 }), windows: [window(60_000)] }))).to.equal('inconclusive');
    expect(verdictOf(outcome(), { ...calm, unjudged: ['conformance after is not known'] })).to.equal('inconclusive');
  });

  it('counts no length of what is tried twice a minute, but that a connection was cut', () => {
    const idle = lane({ connections: 'idle' });
    expect(verdictOf(outcome({ lane: idle, windows: [window(35_000)] }))).to.equal('safe with downtime');
    expect(verdictOf(outcome({ lane: idle, during: totals({ cuts: 1 }) }))).to.equal('safe with downtime');
  });

  it('goes by the budget of the class where the file has one', () => {
    const generous = BudgetFile.parse({ paths: { 'cluster-ip': { longestMs: 2_000 } } });
    expect(judge([outcome({ windows: [window(1_500)] })], generous, calm).verdict).to.equal('safe with downtime');
  });
});
