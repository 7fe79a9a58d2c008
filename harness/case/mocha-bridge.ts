import Mocha from 'mocha';
import { caseKey, type CaseResult, type EngineRun } from './engine.ts';
import type { CaseDefinition } from './types.ts';

/**
 * Makes every case a mocha test that awaits its case's result, so that any mocha reporter can follow a run. Concurrent
 * cases stay concurrent: the engine runs them, mocha only waits in order. Returns when all tests were reported.
 */
export async function reportThroughMocha(
  cases: readonly CaseDefinition[],
  run: EngineRun,
  reporter: NonNullable<Mocha.MochaOptions['reporter']>,
): Promise<void> {
  const mocha = new Mocha({ reporter, timeout: 0, forbidOnly: false });
  for (const area of new Set(cases.map((one) => one.area))) {
    const suite = Mocha.Suite.create(mocha.suite, area);
    for (const one of cases.filter((candidate) => candidate.area === area)) suite.addTest(testOf(one, run));
  }
  await new Promise<void>((resolve) => mocha.run(() => resolve()));
}

function testOf(one: CaseDefinition, run: EngineRun): Mocha.Test {
  return new Mocha.Test(`${caseKey(one)}: ${one.title}`, async function (this: Mocha.Context) {
    const result = await run.results.get(caseKey(one));
    if (result !== undefined) settleTest(this, result);
  });
}

/** Mocha knows three ends; skipped and unsupported become pending, everything else that did not pass an error. */
function settleTest(test: Mocha.Context, result: CaseResult): void {
  if (result.outcome === 'passed') return;
  const pending =
    result.outcome === 'skipped' || result.outcome === 'unsupported' || result.baseline === 'known-failure';
  if (pending) test.skip();
  throw new Error(`${result.outcome}: ${result.reason ?? 'no reason given'}`);
}
