import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../measure/random.ts';
import { roundsFor } from './profile.ts';
import { distinctNames, turnsOf } from './rounds.ts';

describe('the turns of a comparison', () => {
  it('give every subject one turn in each round, in an order that the seed decides', () => {
    const subjects = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(subjects, fc.integer({ min: 1, max: 9 }), fc.integer(), (names, rounds, seed) => {
        const turns = turnsOf(names, rounds, seededRandom(seed));
        for (let round = 1; round <= rounds; round++) {
          const own = turns.filter((turn) => turn.round === round).map(({ subject }) => subject);
          expect(own.sort()).to.deep.equal([...names].sort());
        }
        expect(turns.map(({ round }) => round)).to.deep.equal(turns.map(({ round }) => round).sort((a, b) => a - b));
        expect(turnsOf(names, rounds, seededRandom(seed))).to.deep.equal(turns);
      }),
    );
  });

  it('do not always begin with the same one', () => {
    const first = turnsOf(['a', 'b'], 50, seededRandom(1)).filter((_, index) => index % 2 === 0);
    expect(new Set(first.map(({ subject }) => subject)).size).to.equal(2);
  });

  it('know twins apart', () => {
    expect(distinctNames(['calico', 'cilium', 'calico'])).to.deep.equal(['calico', 'cilium', 'calico-2']);
  });

  it('are as many as a verdict takes', () => {
    expect(roundsFor(1)).to.equal(7);
    expect(roundsFor(3)).to.equal(8);
  });
});
