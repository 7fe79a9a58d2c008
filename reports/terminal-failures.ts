import { nameOf, reasonOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord } from '../harness/events/record.ts';
import { oneLine, printable } from './format.ts';
import type { Paint } from './paint.ts';
import { deviantTables } from './table-grid.ts';
import { tableText } from './table-text.ts';
import { casesOf, groupByReason } from './tally.ts';

const tableLines = 40;
const shownCases = 20;
const reasonWidth = 600;

/** Returns one block per failed step, failed case (with the table that failed it) and group of inconclusive cases. */
export function failureBlocks(run: RunRecord, paint: Paint): string[] {
  const failed = casesOf(run, 'failed');
  const hidden = failed.length - shownCases;
  return [
    ...failedSteps(run, paint),
    ...failed.slice(0, shownCases).map((one) => failedCase(one, paint)),
    ...(hidden > 0 ? [`... and ${hidden} more failed, all in report.html`] : []),
    ...inconclusive(run, paint),
  ];
}

function failedSteps(run: RunRecord, paint: Paint): string[] {
  return run.steps
    .filter((step) => step.outcome === 'failed')
    .map(
      (step) =>
        `${paint('red', 'FAILED STEP')} ${step.title}\n  ${oneLine(step.error ?? 'no error was recorded', reasonWidth)}`,
    );
}

function failedCase(one: CaseRecord, paint: Paint): string {
  const head = `${paint('red', 'FAILED')} ${paint('bold', nameOf(one))}  ${one.title}`;
  return [head, `  ${oneLine(reasonOf(one), reasonWidth)}`, ...diffLines(one)].join('\n');
}

function diffLines(one: CaseRecord): string[] {
  const last = deviantTables(one).at(-1);
  const lines = last === undefined ? [] : printable(tableText(last, tableLines)).split('\n');
  const hidden = lines.length - tableLines;
  const more = hidden > 0 ? [`... ${hidden} more lines in report.html`] : [];
  return [...lines.slice(0, tableLines), ...more].map((line) => `    ${line}`);
}

function inconclusive(run: RunRecord, paint: Paint): string[] {
  return groupByReason(casesOf(run, 'inconclusive')).map(({ reason, cases }) => {
    const ids = cases.map((one) => `  ${nameOf(one)}`).join('\n');
    return `${paint('yellow', 'INCONCLUSIVE')} ${oneLine(reason.replace('inconclusive: ', ''), reasonWidth)}\n${ids}`;
  });
}
