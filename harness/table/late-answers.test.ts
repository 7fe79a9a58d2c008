import { expect } from 'chai';
import { InconclusiveError, OrdealError } from '../base/errors.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import { tellLate } from './late-answers.ts';
import { agentStub } from './stubs.test-support.ts';

const probe: Probe = { kind: 'udp', host: '10.0.0.2', port: 80, timeoutMs: 2_000 };
const unsettled = new OrdealError('NOT_SETTLED', 'it answers did not settle within 12000 ms');
const differs = () => undefined;

/** A server that takes so long, asked by a probe that waits as long as it says. */
const path = (ms: number) => ({
  from: agentStub({ name: 'a', node: 'n1' }, (asked): ProbeResult => {
    const isLate = asked.timeoutMs < ms;
    return { verdict: isLate ? 'dropped' : 'open', elapsedUs: 1000 * Math.min(ms, asked.timeoutMs) };
  }),
  probe,
  differs,
});

describe('paths that do not settle', () => {
  it('are told to be late, where they answer once given the time', async () => {
    const error = await tellLate(unsettled, [path(2_400), path(1), path(1_900)], 10_000);
    expect(String(error)).to.contain(
      '2 of 3 paths answer late, the slowest after 2400 ms (given 10000 ms each); it answers',
    );
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'NOT_SETTLED');
  });

  it('are not where they are gone, or answer at once', async () => {
    expect(await tellLate(unsettled, [path(20_000), path(3)], 10_000)).to.equal(unsettled);
  });

  it('are not where something else went wrong', async () => {
    const other = new InconclusiveError('the agent is gone');
    expect(await tellLate(other, [path(2_400)], 10_000)).to.equal(other);
  });
});
