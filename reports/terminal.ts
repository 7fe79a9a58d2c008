import { nameOf, reasonOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord } from '../harness/events/record.ts';
import { duration, oneLine, plural, quantity, textTable } from './format.ts';
import { plainPaint } from './paint.ts';
import type { Paint } from './paint.ts';
import { canNarrow, reproduceCommand, subjectOf } from './subject.ts';
import { areaRows } from './terminal-areas.ts';
import { failureBlocks } from './terminal-failures.ts';
import { percentileCells, percentileHeads } from './percentiles.ts';
import { otherSpreads, settleSpreads } from './spreads.ts';
import { casesOf, groupByReason, slowest } from './tally.ts';
import { underFaultBlock } from './under-fault.ts';
import { runConclusion } from './verdict.ts';

const longest = 5;
const settleRows = 12;
const shownSteps = 4;
const reasonWidth = 300;
const closingWidth = 1_000;

/**
 * Returns the summary a person reads when a run ends: areas, failures with their diff tables, what was not judged and
 * why, slowest cases, times to settle, verdict, next commands. Ends with a line break.
 */
export function terminalSummary(run: RunRecord, options: { paint?: Paint; folder?: string } = {}): string {
  const paint = options.paint ?? plainPaint;
  const blocks = [
    heading(run, paint),
    ...areaRows(run, paint),
    ...underFaultBlock(run, paint),
    ...failureBlocks(run, paint),
    ...remarks(run, paint),
    ...unjudged(run, paint),
    ...settling(run, paint),
    ...figures(run, paint),
    ...slow(run, paint),
    closing(run, paint),
    next(run, paint, options.folder),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function heading(run: RunRecord, paint: Paint): string {
  const nodes = run.environment?.cluster.nodes ?? [];
  const kernel = nodes[0] === undefined ? '' : `, ${plural(nodes.length, 'node')}, kernel ${nodes[0].kernel}`;
  return [`${paint('bold', `Ordeal ${run.runId}`)}  ${subjectOf(run)}${kernel}`, ...stepsLine(run)].join('\n');
}

function stepsLine(run: RunRecord): string[] {
  const longestFirst = run.steps.toSorted((a, b) => b.ms - a.ms).slice(0, shownSteps);
  const said = longestFirst.map((step) => `${step.title} ${duration(step.ms)}`).join(', ');
  const more = run.steps.length > shownSteps ? ', ...' : '';
  return run.steps.length === 0 ? [] : [`${plural(run.steps.length, 'step')}: ${said}${more}`];
}

function remarks(run: RunRecord, paint: Paint): string[] {
  const notes = run.notes.filter((note) => note.level !== 'info');
  const warnings = notes.map((note) => `  ${note.level}: ${oneLine(note.message, reasonWidth)}`);
  return [
    ...block(paint('yellow', 'Known failures (in the baseline)'), casesOf(run, 'known-failure').map(remark)),
    ...block(
      paint('yellow', 'Unexpected passes: the baseline is out of date'),
      casesOf(run, 'unexpected-pass').map(remark),
    ),
    ...block(paint('yellow', 'Warnings'), warnings),
  ];
}

function remark(one: CaseRecord): string {
  const reason = oneLine(reasonOf(one), reasonWidth);
  return reason === '' ? `  ${nameOf(one)}` : `  ${nameOf(one)}: ${reason}`;
}

function unjudged(run: RunRecord, paint: Paint): string[] {
  const groups = groupByReason(casesOf(run, 'unsupported', 'skipped', 'not-run'));
  const lines = groups.map(
    ({ reason, cases }) => `  ${plural(cases.length, 'case').padStart(9)}  ${oneLine(reason, reasonWidth)}`,
  );
  const leftOut = (run.leftOut ?? []).map(({ cases, why }) => `  ${plural(cases, 'case').padStart(9)}  ${why}`);
  return block(paint('bold', 'Not judged'), [...lines, ...leftOut]);
}

function settling(run: RunRecord, paint: Paint): string[] {
  const spreads = settleSpreads(run).sort((a, b) => b.max - a.max);
  const heads = percentileHeads(spreads.slice(0, settleRows).map((one) => one.percentiles));
  const rows = spreads
    .slice(0, settleRows)
    .map((one) => [
      `  ${one.name}`,
      String(one.count),
      ...percentileCells(heads, one.percentiles, duration),
      duration(one.max),
    ]);
  const head = ['  what', 'n', ...heads, 'max'];
  const more = spreads.length > settleRows ? [`  ... ${spreads.length - settleRows} more in report.html`] : [];
  const table = textTable([head, ...rows], new Set([...head.keys()].slice(1)));
  return rows.length === 0 ? [] : block(paint('bold', 'Time to settle'), [table, ...more]);
}

/** What a benchmark is run for; of other runs, report.html has it. */
function figures(run: RunRecord, paint: Paint): string[] {
  if (run.command !== 'benchmark') return [];
  const lines = otherSpreads(run).map(({ name, count, percentiles: { p50 }, max, unit }) => {
    const median = p50 === undefined ? '-' : quantity(p50, unit);
    return [`  ${name}`, String(count), median, quantity(max, unit)];
  });
  return lines.length === 0
    ? []
    : block(paint('bold', 'Measured'), [textTable([['  what', 'n', 'p50', 'max'], ...lines])]);
}

function slow(run: RunRecord, paint: Paint): string[] {
  const rows = slowest(run, longest).map(({ id, ms }) => [`  ${id}`, duration(ms)]);
  return rows.length === 0 ? [] : block(paint('bold', 'Slowest cases'), [textTable(rows, new Set([1]))]);
}

function closing(run: RunRecord, paint: Paint): string {
  const { exitCode, word, because } = runConclusion(run);
  return `${paint(exitCode === 0 ? 'green' : 'red', word)} (exit code ${exitCode}): ${oneLine(because, closingWidth)}`;
}

function next(run: RunRecord, paint: Paint, folder: string | undefined): string {
  const failed = casesOf(run, 'failed', 'inconclusive').map((one) => one.id);
  const lines = [
    ...(folder === undefined
      ? []
      : [`  look closer   ${folder}/report.html`, `  render again  npx ordeal report ${folder}`]),
    ...(failed.length === 0 || !canNarrow(run) ? [] : [`  only these    ${reproduceCommand(run, failed)}`]),
    `  whole run     ${reproduceCommand(run)}`,
  ];
  return block(paint('bold', 'Next'), lines).join('');
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`];
}
