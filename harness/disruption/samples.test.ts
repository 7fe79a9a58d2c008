import { expect } from 'chai';
import type { Sample } from '../probe/agent-types.ts';
import { describeWindows } from './report.ts';
import { answerSpans } from './samples.ts';

const answered = (atMs: number, responder?: string): Sample => ({ atMs, verdict: 'open', latencyUs: 1, responder });

describe('answerSpans', () => {
  it('tells from when to when each pod answered', () => {
    const spans = answerSpans([answered(0, 'a'), answered(20, 'b'), answered(40, 'a'), answered(60)]);
    expect(Object.fromEntries(spans)).to.deep.equal({
      a: { firstMs: 0, lastMs: 40, count: 2 },
      b: { firstMs: 20, lastMs: 20, count: 1 },
    });
  });
});

describe('describeWindows', () => {
  it('says how long, from when, and with what errors', () => {
    const window = { fromMs: 40, toMs: 100, ms: 60, recovered: true, failures: 3 };
    const classes = { 'refused: ECONNREFUSED': 2, dropped: 1 };
    expect(describeWindows([{ ...window, classes }])).to.equal(
      '60 ms from 40 ms (refused: ECONNREFUSED x2, dropped x1)',
    );
    expect(describeWindows([])).to.equal('');
  });
});
