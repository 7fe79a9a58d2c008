import type { CaseRecord, RunRecord } from '../harness/events/record.ts';
import { plural } from './format.ts';
import { casesOf } from './tally.ts';

const shownNames = 6;

/**
 * Returns in one sentence what a verdict does not rest on: cases that were unsupported or skipped, with the features that
 * were missing, and those left out of the plan, with the reason. Empty where everything was judged.
 */
export function notJudged(run: RunRecord): string {
  const parts = [
    group(run, casesOf(run, 'unsupported'), 'unsupported'),
    group(run, casesOf(run, 'skipped', 'not-run'), 'skipped'),
    ...(run.leftOut ?? []).map(({ cases, why }) => `${plural(cases, 'case')} ${why}`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Not judged: ${parts.join('; ')}.`;
}

function group(run: RunRecord, cases: readonly CaseRecord[], word: string): string {
  if (cases.length === 0) return '';
  const lacking = missingFeatures(run, cases);
  const names = lacking.length > 0 ? lacking : cases.map(({ id }) => id);
  const more = names.length > shownNames ? `, and ${names.length - shownNames} more` : '';
  return `${plural(cases.length, 'case')} ${word} (${names.slice(0, shownNames).join(', ')}${more})`;
}

/** The features these cases need and the cluster did not show; none where a case says for another reason that it skips. */
function missingFeatures(run: RunRecord, cases: readonly CaseRecord[]): string[] {
  const features = (run.environment?.features ?? []).filter((one) => one.observed !== true);
  const missing = new Set(features.map(({ feature }) => feature));
  const needed = cases.map(({ id, needs }) => {
    const lacking = needs.filter((feature) => missing.has(feature));
    return lacking.length > 0 ? lacking : [id];
  });
  return [...new Set(needed.flat())];
}
