import { expect } from 'chai';
import type { TrailRun } from '../probe/agent-types.ts';
import { newAttempts, noProgress } from './attempts.ts';

const spec = { probe: { kind: 'tcp', host: 'a', port: 1, timeoutMs: 1 }, everyMs: 100, reuse: false } as const;
const open = { expected: 'open', spec } as const;
const run = (from: number, count: number, verdict: TrailRun['verdict'] = 'open'): TrailRun => {
  return { from, count, verdict, sumUs: count * 10, maxUs: 20 };
};

describe('what a reading of a trail adds', () => {
  it('is in time of the harness, and knows well from ill', () => {
    const { attempts } = newAttempts(open, { first: 0, runs: [run(0, 3), run(3, 2, 'dropped')] }, noProgress, 1_000);
    expect(attempts.map(({ fromMs, count, state }) => ({ fromMs, count, state }))).to.deep.equal([
      { fromMs: 1_000, count: 3, state: 'well' },
      { fromMs: 1_300, count: 2, state: 'ill' },
    ]);
  });

  it('is only what grew: the last run of the reading before is told again', () => {
    const first = newAttempts(open, { first: 0, runs: [run(0, 3)] }, noProgress, 0);
    const second = newAttempts(open, { first: 0, runs: [run(0, 5), run(5, 1, 'refused')] }, first.progress, 0);
    expect(second.attempts.map(({ fromMs, count }) => [fromMs, count])).to.deep.equal([
      [300, 2],
      [500, 1],
    ]);
    expect(newAttempts(open, { first: 1, runs: [run(5, 1, 'refused')] }, second.progress, 0).attempts).to.deep.equal(
      [],
    );
  });

  it('turns round for what a policy forbids: an answer is ill, silence is well', () => {
    const closed = { expected: 'closed', spec } as const;
    const runs = [run(0, 1), run(1, 1, 'dropped'), run(2, 1, 'refused'), run(3, 1, 'inconclusive')];
    const { attempts } = newAttempts(closed, { first: 0, runs }, noProgress, 0);
    expect(attempts.map(({ state }) => state)).to.deep.equal(['ill', 'well', 'well', 'unknown']);
  });
});
