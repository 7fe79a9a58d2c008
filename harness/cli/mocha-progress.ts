import Mocha from 'mocha';
import type { Progress, StepReport } from '../progress.ts';

const { EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/**
 * Returns a mocha reporter that keeps the live line of the running step (`37/255, 1 failed`) and notes each failure
 * as soon as its turn comes; the full story is in the reports.
 */
export function progressReporter(total: number, say: StepReport, progress: Pick<Progress, 'note'>) {
  return class ProgressReporter extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner) {
      super(runner);
      const seen = { passed: 0, failed: 0, pending: 0 };
      const tell = () => {
        const done = seen.passed + seen.failed + seen.pending;
        say(`${done}/${total}, ${seen.failed} not passed, ${seen.pending} not applicable`);
      };
      runner.on(EVENT_TEST_PASS, () => {
        seen.passed += 1;
        tell();
      });
      runner.on(EVENT_TEST_PENDING, () => {
        seen.pending += 1;
        tell();
      });
      runner.on(EVENT_TEST_FAIL, (test: Mocha.Test, error: Error) => {
        seen.failed += 1;
        tell();
        progress.note(`✗ ${test.title}: ${error.message.slice(0, 400)}`);
      });
    }
  };
}
