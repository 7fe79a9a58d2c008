import { expect } from 'chai';
import fc from 'fast-check';
import type { Clock } from '../base/clock.ts';
import { hold, holdLooks, judgeHold, type Look, relapsesThatFail } from './hold.ts';

const good: Look = { wrong: new Map(), excused: new Set() };
const bad = (...cells: string[]): Look => ({
  wrong: new Map(cells.map((cell) => [cell, 'open, wanted dropped'])),
  excused: new Set(),
});

/** Time passes only by pausing. */
class FakeClock implements Clock {
  time = 0;
  now(): number {
    return this.time;
  }
  pause(ms: number): Promise<void> {
    this.time += ms;
    return Promise.resolve();
  }
}

const held = (looks: readonly Look[]) => {
  const queue = [...looks];
  return hold({
    looks: looks.length,
    everyMs: 100,
    look: () => Promise.resolve(queue.shift() ?? good),
    clock: new FakeClock(),
  });
};

describe('hold', () => {
  it('looks in a steady rhythm however long a look takes', async () => {
    const clock = new FakeClock();
    const begun: number[] = [];
    const look = () => {
      begun.push(clock.now());
      return Promise.resolve(good);
    };
    await hold({ looks: 4, everyMs: 250, look, clock });
    expect(begun).to.deep.equal([0, 250, 500, 750]);
  });

  it('holds what never relapses, and tells one relapse without judging it', async () => {
    expect(judgeHold(await held([good, good, good]))).to.deep.equal({ outcome: 'held', passing: [] });
    const once = judgeHold(await held([good, bad('x/a -> x/b'), good]));
    expect(once.outcome).to.equal('held');
    expect(once).to.have.property('passing').with.length(1);
  });

  it('fails a cell that relapses twice, naming it and how often', async () => {
    const verdict = judgeHold(await held([bad('x/a -> x/b'), good, bad('x/a -> x/b', 'y/a -> y/b')]));
    expect(verdict).to.deep.equal({
      outcome: 'relapsed',
      cells: ['x/a -> x/b: open, wanted dropped in 2 of 3 looks after it had settled'],
    });
  });

  it('does not hold against a cell what its own agent could not see, and says when it saw too little', async () => {
    const starved: Look = { ...bad('x/a -> x/b'), excused: new Set(['x/a -> x/b']) };
    expect(judgeHold(await held([starved, good, good, good]))).to.deep.equal({ outcome: 'held', passing: [] });
    expect(judgeHold(await held([starved, starved, starved, good])).outcome).to.equal('starved');
  });

  it('passes on what a look throws', async () => {
    const look = () => Promise.reject(new Error('no agent'));
    const error: unknown = await hold({ looks: 3, everyMs: 1, look, clock: new FakeClock() }).catch((e: unknown) => e);
    expect(error).to.be.an('error').with.property('message', 'no agent');
  });

  it('finds a cell that is wrong in 5 % of all looks in at least 98 of 100 holds', () => {
    const leaks = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
      minLength: holdLooks,
      maxLength: holdLooks,
    });
    let found = 0;
    let runs = 0;
    fc.assert(
      fc.property(fc.noBias(leaks), (draws) => {
        runs += 1;
        const relapses = draws.filter((draw) => draw < 0.05).length;
        if (relapses >= relapsesThatFail) found += 1;
      }),
      { numRuns: 2_000, seed: 7 },
    );
    expect(found / runs).to.be.above(0.98);
  });
});
