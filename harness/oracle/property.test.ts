import { expect } from 'chai';
import fc from 'fast-check';
import { attempt, world } from './arbitrary-world.test-support.ts';
import { truthTable } from './judge.ts';
import { modelVerdict } from './model.test-support.ts';
import type { Attempt, World } from './types.ts';

const nightly = process.env['ORDEAL_NIGHTLY'] === '1';
const numRuns = nightly ? 100_000 : 2_000;

describe('oracle: against a model written separately', function () {
  this.timeout(nightly ? 7_200_000 : 300_000);
  const seen = new Map<string, number>();

  const agrees = (it: World, attempts: Attempt[]) => {
    for (const cell of truthTable(it, attempts).cells) {
      expect(cell.verdict, cell.reason.text).to.equal(modelVerdict(it, cell));
      seen.set(cell.verdict, (seen.get(cell.verdict) ?? 0) + 1);
    }
  };

  it(`agrees on ${numRuns} generated worlds`, () => {
    const attempts = fc.array(attempt, { minLength: 12, maxLength: 12 });
    fc.assert(fc.property(world(), attempts, agrees), { numRuns });
  });

  it('has met every verdict, so agreement means something', () => {
    expect([...seen.keys()].sort()).to.deep.equal(['dropped', 'mixed', 'open', 'refused', 'undecided', 'unreachable']);
  });
});
