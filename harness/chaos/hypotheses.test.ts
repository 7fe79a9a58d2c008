import { expect } from 'chai';
import type { Sample } from '../probe/agent-types.ts';
import { judgeHypothesis } from './hypotheses.ts';
import type { Hypothesis } from './scenario.ts';

const marks = { injected: 1_000, reverted: 2_000 };

/** One attempt each 10 ms over 3 s, of which those from `from` to `to` are lost. */
function web(from: number, to: number, lost: Sample['verdict'] = 'dropped'): ReadonlyMap<string, Sample[]> {
  const samples = Array.from({ length: 300 }, (_, at): Sample => {
    const atMs = at * 10;
    return { atMs, verdict: atMs >= from && atMs < to ? lost : 'open', latencyUs: 5_000 };
  });
  return new Map([['web', samples]]);
}
const judge = (hypothesis: Hypothesis, samples = web(1_500, 1_600)) => {
  const { outcome, seen } = judgeHypothesis(hypothesis, samples, marks);
  return `${outcome}: ${seen}`;
};

describe('a hypothesis of a scenario', () => {
  it('of availability counts the attempts of its stretch', () => {
    const availability = { expect: 'availability', watch: 'web', atLeast: 95 } as const;
    expect(judge({ ...availability, stretch: 'during' })).to.equal('failed: 90.000 % of 100 answered');
    expect(judge({ ...availability, stretch: 'all' })).to.match(/^passed: 96\.667 %/);
    expect(judge({ ...availability, stretch: 'during' }, new Map())).to.match(/^inconclusive: too little/);
  });

  it('of downtime and recovery measures windows', () => {
    expect(judge({ expect: 'downtime', watch: 'web', atMost: '50ms' })).to.equal('failed: 100 ms');
    expect(judge({ expect: 'recovery', watch: 'web', atMost: '50ms' })).to.equal('passed: 0 ms');
    expect(judge({ expect: 'recovery', watch: 'web', atMost: '50ms' }, web(1_500, 2_200))).to.equal('failed: 200 ms');
    expect(judge({ expect: 'recovery', watch: 'web', atMost: '1s' }, web(1_500, 9_000))).to.match(/had not recovered/);
  });

  it('of p99 needs a hundred answers', () => {
    const p99 = { expect: 'p99', watch: 'web', atMost: '10ms' } as const;
    expect(judge({ ...p99, stretch: 'during' })).to.match(/^inconclusive: too little was seen: NaN ms of 90 answers/);
    expect(judge({ ...p99, stretch: 'all' })).to.match(/^passed: 5 ms/);
  });

  it('of no change holds a closed path to silence and an open one to answers', () => {
    const unchanged = { expect: 'unchanged', watch: 'web' } as const;
    expect(judge(unchanged)).to.equal('failed: web: open before, then open and dropped');
    expect(judge(unchanged, web(0, 9_000))).to.equal('passed: web: dropped before, then dropped');
    expect(judge(unchanged, web(500, 700))).to.match(/^inconclusive: web: open and dropped before/);
  });
});
