import type { Sample } from '../probe/agent-types.ts';
import { expect } from 'chai';
import type { Verdict } from '../probe/types.ts';
import { closingMs, openingMs, unsteady } from './change-times.ts';

const samples = (...verdicts: Verdict[]): Sample[] =>
  verdicts.map((verdict, index) => ({ atMs: index * 20, verdict, latencyUs: 1 }));

describe('times of a change', () => {
  it('count to the last packet through, over drops in between', () => {
    expect(closingMs(samples('open', 'open', 'dropped', 'open', 'dropped', 'dropped'), 10)).to.equal(50);
    expect(closingMs(samples('open', 'dropped', 'dropped'), 10)).to.equal(0);
  });

  it('count to the first packet through', () => {
    expect(openingMs(samples('open', 'dropped', 'dropped', 'open', 'open'), 30)).to.equal(30);
    expect(openingMs(samples('open', 'dropped'), 10)).to.equal(undefined);
  });

  it('are told only once nothing flips any more', () => {
    const dropped = Array<Verdict>(10).fill('dropped');
    expect(unsteady(samples('open', 'open', ...dropped), 10, false)).to.equal(undefined);
    expect(unsteady(samples('open', ...dropped.slice(1)), 10, false)).to.contain('9 of 10');
    expect(unsteady(samples('open', ...dropped.slice(1), 'open'), 10, false)).to.contain('open at');
  });

  it('count what is looked for, as the answers of one backend among others', () => {
    const answers = ['a', 'b', 'b', 'a', 'b'].map((responder, index): Sample => {
      return { atMs: index * 20, verdict: 'open', latencyUs: 1, responder };
    });
    const shows = ({ responder }: Sample) => responder === 'a';
    expect(closingMs(answers, 10, shows)).to.equal(50);
    expect(openingMs(answers, 10, shows)).to.equal(50);
    expect(unsteady(answers, 0, false, { shows, steady: 1 })).to.equal(undefined);
    expect(unsteady(answers, 0, false, { shows, steady: 2 })).to.equal('open by a at 60 ms after the change');
  });
});
