import { caseKey, type EngineRun } from '../case/engine.ts';
import type { Progress, StepReport } from '../base/progress.ts';

/** Keeps the live line of the running step (`37/379, 1 failed`) and notes each case that did not pass as it ends; verbose: each. */
export function followCases(run: EngineRun, say: StepReport, progress: Pick<Progress, 'note'>, verbose = false): void {
  const seen = { done: 0, failed: 0, notApplicable: 0 };
  for (const result of run.results.values()) {
    void result.then((ended) => {
      const { outcome, reason = '', baseline, ms } = ended;
      const id = caseKey(ended);
      seen.done += 1;
      if (outcome === 'skipped' || outcome === 'unsupported') seen.notApplicable += 1;
      if (outcome === 'failed' || outcome === 'inconclusive') {
        seen.failed += 1;
        const known = baseline === 'known-failure' ? ' (known)' : '';
        progress.note(`✗ ${id}: ${outcome}${known}: ${reason.slice(0, 300).replaceAll(/\s+/g, ' ')}`);
      }
      if (verbose && outcome === 'passed') progress.note(`✓ ${id}  (${(ms / 1_000).toFixed(1)} s)`);
      say(`${seen.done}/${run.results.size}, ${seen.failed} not passed, ${seen.notApplicable} not applicable`);
    });
  }
}
