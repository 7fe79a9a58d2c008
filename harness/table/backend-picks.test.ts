import { expect } from 'chai';
import fc from 'fast-check';
import { BackendPicks, missedByChance, requireAllPicked } from './backend-picks.ts';

const backends = ['a', 'b', 'c', 'd'];

function picksOf(place: string, responders: readonly string[], of = backends): BackendPicks {
  const picks = new BackendPicks();
  for (const one of responders) picks.note(place, of, one);
  return picks;
}

const turns = (count: number, of: readonly string[]) =>
  Array.from({ length: count }, (_, index) => of[index % of.length] ?? '');

describe('picks of backends', () => {
  it('name node, backend and count where one is never picked', () => {
    const picks = picksOf('n2 -> tcp 10.96.0.9:80', turns(402, ['a', 'b', 'd']));
    expect(() => {
      requireAllPicked('ClusterIP answers', picks);
    }).to.throw(
      /by every backend: 1 found: n2 -> tcp 10\.96\.0\.9:80: backend c gave none of 402 answers \(a 134, b 134/,
    );
  });

  it('pass where each was picked, however seldom', () => {
    const picks = picksOf('n1', [...turns(400, ['a', 'b', 'd']), 'c']);
    requireAllPicked('ClusterIP answers', picks);
    expect(picks.smallestShares()).to.deep.equal([1 / 401]);
  });

  it('count each node for itself', () => {
    const picks = new BackendPicks();
    for (const one of turns(400, backends)) picks.note('n1', backends, one);
    for (const one of turns(400, ['a', 'b', 'c'])) picks.note('n2', backends, one);
    expect(picks.neverPicked().map(({ backend }) => backend)).to.deep.equal(['d']);
  });

  it('do not judge so few answers that chance explains them, and say so', () => {
    const picks = picksOf('n1', turns(20, ['a', 'b', 'c']));
    expect(picks.neverPicked()).to.deep.equal([]);
    expect(picks.describePower()).to.equal('1 of 1 places had too few answers to tell');
    expect(picksOf('n1', turns(402, backends)).describePower()).to.match(/by chance with \d\.\de-50 at most$/);
  });

  it('never call out a lone backend that answers', () => {
    expect(picksOf('n1', turns(50, ['a']), ['a']).neverPicked()).to.deep.equal([]);
  });
});

describe('missedByChance', () => {
  it('bounds what random draws miss', () => {
    expect(missedByChance(2, 1)).to.equal(1);
    expect(missedByChance(4, 134)).to.be.closeTo(4 * 0.75 ** 134, 1e-25);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 500 }), (count, answers) => {
        const chance = missedByChance(count, answers);
        return chance >= missedByChance(count, answers + 1) && chance > 0 && chance <= 1;
      }),
    );
  });
});
