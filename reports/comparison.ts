import { nameOf, statusOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord, CaseStatus } from '../harness/events/record.ts';
import { duration, plural, textTable } from './format.ts';
import { columnOf } from './subject.ts';
import { settleSpreads } from './spreads.ts';
import { countStandings, statuses } from './tally.ts';
import { runConclusion } from './verdict.ts';

/** `absent`: this run had no such case (an older Ordeal, a selection, a set-up that failed). */
type Cell = CaseStatus | 'absent';

export interface MatrixRow {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  /** One cell per run, in the order of the columns. */
  readonly cells: readonly Cell[];
}

export interface Matrix {
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Returns case x network for several runs; columns that would read the same carry their run ids. */
export function matrixOf(runs: readonly RunRecord[]): Matrix {
  const byRun = runs.map((run) => new Map(run.cases.map((one) => [nameOf(one), one])));
  const first = new Map<string, CaseRecord>();
  for (const one of runs.flatMap((run) => run.cases)) if (!first.has(nameOf(one))) first.set(nameOf(one), one);
  const rows = [...first].map(([id, { area, title }]) => ({
    id,
    area,
    title,
    cells: byRun.map((cases) => cellOf(cases.get(id))),
  }));
  return { columns: columnsOf(runs), rows: [...Map.groupBy(rows, (row) => row.area).values()].flat() };
}

/** True when the networks do not all answer alike, or one of them was not asked. */
export function differs(row: MatrixRow): boolean {
  return new Set(row.cells).size > 1;
}

function cellOf(one: CaseRecord | undefined): Cell {
  return one === undefined ? 'absent' : statusOf(one);
}

function columnsOf(runs: readonly RunRecord[]): string[] {
  const names = runs.map(columnOf);
  return names.map((name, index) => {
    const twins = names.filter((other) => other === name).length;
    return twins > 1 ? `${name} (${runs[index]?.runId ?? index})` : name;
  });
}

/** Returns the rows above the cases: verdict, counts per status, settle times; the same figures in text and HTML. */
export function matrixSummary(runs: readonly RunRecord[]): string[][] {
  const counts = runs.map((run) => countStandings(run.cases));
  const seen = statuses.filter((status) => counts.some((one) => one[status] > 0));
  const settle = settleNames(runs).map((name) => [
    `settle ${name}, p50 / max`,
    ...runs.map((run) => settleCell(run, name)),
  ]);
  return [
    ['verdict', ...runs.map((run) => runConclusion(run).word.toLowerCase())],
    ...seen.map((status) => [status.replace('-', ' '), ...counts.map((one) => String(one[status]))]),
    ...settle,
  ];
}

function settleNames(runs: readonly RunRecord[]): string[] {
  return [...new Set(runs.flatMap((run) => settleSpreads(run).map((one) => one.name)))];
}

function settleCell(run: RunRecord, name: string): string {
  const found = settleSpreads(run).find((one) => one.name === name);
  return found === undefined
    ? 'not measured'
    : `${duration(found.percentiles.p50 ?? Number.NaN)} / ${duration(found.max)} (n ${found.count})`;
}

/** Returns the comparison as text: summary, then every case on which the networks differ. Ends with a line break. */
export function matrixText(runs: readonly RunRecord[]): string {
  const { columns, rows } = matrixOf(runs);
  const different = rows.filter(differs);
  const say = (cell: Cell): string => (cell === 'absent' ? '-' : cell.replace('-', ' '));
  const summary = textTable([['', ...columns], ...matrixSummary(runs)]);
  const cases = textTable([['case', ...columns], ...different.map((row) => [row.id, ...row.cells.map(say)])]);
  const alike = `${plural(rows.length - different.length, 'case')} of ${rows.length} came out alike everywhere.`;
  const absent = different.some((row) => row.cells.includes('absent'))
    ? '\n"-": that run had no such case; nothing is claimed.'
    : '';
  const body = different.length === 0 ? [] : [cases];
  return `${[summary, ...body, `${alike}${absent}`].join('\n\n')}\n`;
}
