import type { ClusterModel } from './model-types.ts';
import { attempt } from './arbitrary-attempt.test-support.ts';
import { expect } from 'chai';
import fc from 'fast-check';
import { model } from './arbitrary-cluster-model.test-support.ts';
import { truthTable } from './judge.ts';
import { referenceVerdict } from './reference.test-support.ts';
import type { Attempt } from './types.ts';

const nightly = process.env['ORDEAL_NIGHTLY'] === '1';
const numRuns = nightly ? 100_000 : 2_000;

describe('oracle: against a reference written separately', function () {
  this.timeout(nightly ? 7_200_000 : 300_000);
  const seen = new Map<string, number>();

  const agrees = (it: ClusterModel, attempts: Attempt[]) => {
    for (const cell of truthTable(it, attempts).cells) {
      expect(cell.verdict, cell.reason.text).to.equal(referenceVerdict(it, cell));
      seen.set(cell.verdict, (seen.get(cell.verdict) ?? 0) + 1);
    }
  };

  it(`agrees on ${numRuns} generated models`, () => {
    const attempts = fc.array(attempt, { minLength: 12, maxLength: 12 });
    fc.assert(fc.property(model(), attempts, agrees), { numRuns });
  });

  it('has met every verdict, so agreement means something', () => {
    expect([...seen.keys()].sort()).to.deep.equal(['dropped', 'mixed', 'open', 'refused', 'undecided', 'unreachable']);
  });
});
