import { expect } from 'chai';
import type { Sample } from '../probe/agent-types.ts';
import { expectUnnoticed, reportTraffic } from './report.ts';
import { starvedFailures } from './starved.ts';
import type { CheckContext } from '../table/check-context.ts';
import type { Agent } from '../probe/agent-types.ts';

const at = (atMs: number, verdict: Sample['verdict'], error?: string): Sample => ({
  ...{ atMs, verdict, latencyUs: 1 },
  ...(error === undefined ? {} : { error }),
});
const open = (atMs: number) => at(atMs, 'open');
const silent = (atMs: number) => at(atMs, 'dropped');

describe('failures that a starved machine explains', () => {
  it('are silences near which the client did not reach itself', () => {
    const samples = [silent(1_000), open(5_000), silent(9_000)];
    expect(starvedFailures(samples, [open(900), silent(2_900)])).to.deep.equal([samples[0]]);
    expect(starvedFailures(samples, [open(900), silent(3_100)])).to.deep.equal([]);
  });

  it('are never what somebody did: a refusal, a wrong answer', () => {
    const samples = [at(1_000, 'refused'), at(1_100, 'open', 'status 500')];
    expect(starvedFailures(samples, [silent(1_000)])).to.deep.equal([]);
  });
});

describe('traffic that was to go on unnoticed', () => {
  const ctx = { measure: () => undefined, attach: () => undefined } as unknown as CheckContext;
  const judged = (samples: readonly Sample[], control: readonly Sample[]) => {
    const client = { name: 'a', node: 'n1' } as Agent;
    const losses = reportTraffic(ctx, [{ client, connections: 'new', samples, control }]);
    return () => expectUnnoticed(losses, 'new');
  };

  it('fails by one silence that nothing explains', () => {
    expect(judged([silent(1_000), silent(9_000)], [silent(1_000)])).to.throw('2 of 2 attempts failed');
  });

  it('is without a verdict where the client was starved each time', () => {
    expect(judged([silent(1_000), open(9_000)], [silent(1_000)])).to.throw(/1 of 2.*own loopback then either/);
  });
});
