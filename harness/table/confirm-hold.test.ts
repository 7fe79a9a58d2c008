import { expect } from 'chai';
import type { Clock } from '../base/clock.ts';
import { confirmed, holdAndConfirm } from './confirm-hold.ts';
import { holdLooks, judgeHold, type Look } from './hold.ts';

const clock: Clock = { now: () => 0, pause: () => Promise.resolve() };
const path = 'a -> b';

/** A hold of 20 looks, and 20 more where it comes to them; `isWrong` says which of them disagree. */
async function outcomeOf(isWrong: (index: number) => boolean, looks = 20) {
  let index = 0;
  const asked: (ReadonlySet<string> | undefined)[] = [];
  const look = (only?: ReadonlySet<string>): Promise<Look> => {
    asked.push(only);
    return Promise.resolve({ wrong: new Map(isWrong(index++) ? [[path, 'dropped']] : []), excused: new Set() });
  };
  const { held, lapsed } = confirmed(await holdAndConfirm({ looks, everyMs: 1, look, clock }));
  return { verdict: judgeHold(held), lapsed, asked };
}

describe('a confirmed hold', () => {
  it('does not look again at what held, or relapsed once', async () => {
    const { verdict, asked } = await outcomeOf((index) => index === 3);
    expect(verdict.outcome).to.equal('held');
    expect(asked).to.have.length(20);
  });

  it('lets go what relapsed in one bad moment and never again, and tells it', async () => {
    const { verdict, lapsed, asked } = await outcomeOf((index) => index === 3 || index === 4);
    expect(verdict).to.deep.equal({ outcome: 'held', passing: [] });
    expect(lapsed).to.deep.equal(['a -> b: dropped in 2 of 20 looks, in none of 20 more']);
    expect(asked.at(-1)).to.deep.equal(new Set([path]));
  });

  it('fails what comes again', async () => {
    const { verdict, lapsed } = await outcomeOf((index) => [3, 9, 31].includes(index));
    expect(verdict).to.deep.equal({
      outcome: 'relapsed',
      cells: ['a -> b: dropped in 2 of 20 looks after it had settled'],
    });
    expect(lapsed).to.deep.equal([]);
  });

  it('asks no second time of what is wrong in a fifth of all looks', async () => {
    const { verdict, asked } = await outcomeOf((index) => index < 4);
    expect(verdict.outcome).to.equal('relapsed');
    expect(asked).to.have.length(20);
  });

  it('finds a cell that is wrong in 5 % of all looks in at least 98 of 100 holds', async () => {
    let state = 7;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let found = 0;
    for (let run = 0; run < 1_000; run++) {
      const { verdict } = await outcomeOf(() => random() < 0.05, holdLooks);
      if (verdict.outcome === 'relapsed') found += 1;
    }
    expect(found).to.be.above(980);
  });
});
