import { expect } from 'chai';
import Mocha from 'mocha';
import type { CaseResult, EngineRun } from './engine.ts';
import { defineCase } from './define-case.ts';
import { reportThroughMocha } from './mocha-bridge.ts';

const outcomes: Pick<CaseResult, 'outcome' | 'baseline'>[] = [
  { outcome: 'passed', baseline: 'as-expected' },
  { outcome: 'failed', baseline: 'as-expected' },
  { outcome: 'failed', baseline: 'known-failure' },
  { outcome: 'inconclusive', baseline: 'as-expected' },
  { outcome: 'unsupported', baseline: 'as-expected' },
  { outcome: 'skipped', baseline: 'as-expected' },
];

describe('reportThroughMocha', () => {
  it('makes every case one test; only what passed passes', async () => {
    const cases = outcomes.map((_, index) =>
      defineCase({
        id: `dns-${index}`,
        title: 'a case',
        area: 'dns',
        touches: 'own',
        rights: [],
        run: () => Promise.resolve(),
      }),
    );
    const results = new Map(
      outcomes.map((one, index) => [`dns-${index}`, Promise.resolve({ id: `dns-${index}`, ms: 1, ...one })]),
    );
    const run: EngineRun = { results, done: Promise.all(results.values()) };
    const seen = { passes: 0, failures: 0, pending: 0 };
    class Counting extends Mocha.reporters.Base {
      constructor(runner: Mocha.Runner) {
        super(runner);
        runner.on('pass', () => (seen.passes += 1));
        runner.on('fail', () => (seen.failures += 1));
        runner.on('pending', () => (seen.pending += 1));
      }
    }
    await reportThroughMocha(cases, run, Counting);
    expect(seen).to.deep.equal({ passes: 1, failures: 2, pending: 3 });
  });
});
