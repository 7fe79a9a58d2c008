import { expect } from 'chai';
import fc from 'fast-check';
import { OrdealError } from './errors.ts';
import type { Clock } from './clock.ts';
import { settle } from './settle.ts';

/** Time passes only by pausing. */
function fakeClock(): Clock {
  let now = 1000;
  const pause = (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    now += ms;
    return Promise.resolve();
  };
  return { now: () => now, pause };
}

const replay = (seen: readonly (string | undefined)[]) => {
  const rest = [...seen];
  return () => Promise.resolve(rest.length > 0 ? rest.shift() : 'script over');
};
const base = { consecutive: 2, timeoutMs: 1000, pollMs: 50 };

describe('settle', () => {
  it('reports the start of the agreeing run, not of an agreement that did not last', async () => {
    const sample = replay(['open', undefined, 'open', undefined, undefined]);
    const { ms, trail } = await settle({ ...base, sample, clock: fakeClock() });
    expect(ms).to.equal(150);
    expect(trail.map(({ seen, times }) => [seen, times])).to.deep.equal([
      ['open', 1],
      [undefined, 1],
      ['open', 1],
      [undefined, 2],
    ]);
  });

  it('fails at the deadline with the trail and the last disagreement', async () => {
    const sample = () => Promise.resolve('x/a -> y/b open');
    const error: unknown = await settle({ ...base, what: 'deny-all', sample, clock: fakeClock() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'NOT_SETTLED');
    expect(String(error))
      .to.contain('deny-all did not settle within 1000 ms')
      .and.contain('0-1000 ms, 21x: x/a -> y/b open');
  });

  it('asks the less often the longer it waits, where it may, and at once again when it agrees', async () => {
    const at: number[] = [];
    const clock = fakeClock();
    const sample = () => {
      at.push(clock.now() - 1000);
      return Promise.resolve(at.length > 100 ? undefined : 'not yet');
    };
    await settle({ ...base, timeoutMs: 60_000, mostPollMs: 200, sample, clock });
    const pauses = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
    expect(pauses[0]).to.equal(50);
    expect(pauses.slice(0, -1)).to.deep.equal(pauses.slice(0, -1).toSorted((a, b) => a - b));
    expect(pauses.at(-2)).to.equal(200);
    expect(pauses.at(-1)).to.equal(50);
  });

  it('lets an error of the sample through', async () => {
    const broken = settle({ ...base, sample: () => Promise.reject(new Error('agent gone')), clock: fakeClock() });
    expect(String(await broken.catch((thrown: unknown) => thrown))).to.equal('Error: agent gone');
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const sample = () => Promise.resolve((stop.abort(new Error('Ctrl-C')), 'open'));
    const stopped = settle({ ...base, sample, clock: fakeClock(), signal: stop.signal });
    expect(String(await stopped.catch((thrown: unknown) => thrown))).to.equal('Error: Ctrl-C');
  });

  it('settles exactly when a long enough agreeing run begins in time', async () => {
    const seen = fc.array(fc.boolean(), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(seen, fc.integer({ min: 1, max: 4 }), async (agreements, consecutive) => {
        const sample = replay(agreements.map((agrees) => (agrees ? undefined : 'no')));
        const outcome = await settle({ ...base, consecutive, sample, clock: fakeClock() }).catch(() => undefined);
        const first = agreements.findIndex(
          (_, i) => agreements.slice(i, i + consecutive).filter(Boolean).length === consecutive,
        );
        expect(outcome?.ms).to.equal(first < 0 ? undefined : first * base.pollMs);
      }),
    );
  });
});
