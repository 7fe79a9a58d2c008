import { expect } from 'chai';
import { describeLate, isDecided } from './change-budget.ts';

const budgetMs = 5_000;
const tries = (...times: number[]) => times.map((ms) => ({ ms, path: `path of ${ms}` }));

describe('change budget', () => {
  it('is not decided by fewer than three tries that agree', () => {
    expect(isDecided(tries(), budgetMs)).to.equal(false);
    expect(isDecided(tries(8_000, 8_000), budgetMs)).to.equal(false);
    expect(isDecided(tries(20, 30, 8_000, 8_000), budgetMs)).to.equal(false);
    expect(isDecided(tries(20, 30, 40), budgetMs)).to.equal(true);
    expect(isDecided(tries(20, 8_000, 30, 8_000, 8_000), budgetMs)).to.equal(true);
  });

  it('forgives what a busy machine does now and then', () => {
    expect(describeLate('a policy', tries(20, 9_000, 30, 40), budgetMs)).to.equal(undefined);
    expect(describeLate('a policy', tries(5_000, 5_000, 5_000), budgetMs)).to.equal(undefined);
  });

  it('says how late most tries were, and where', () => {
    expect(describeLate('a policy', tries(8_400, 8_200, 8_600), budgetMs)).to.equal(
      'a policy took effect 8.4 s after it was made: late (3 of 3 tries over the budget of 5.0 s), last on path of 8600',
    );
  });
});
