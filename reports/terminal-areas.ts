import type { CaseRecord, RunRecord, CaseStatus } from '../harness/events/record.ts';
import { duration, textTable } from './format.ts';
import type { Paint } from './paint.ts';
import { byArea, countStandings } from './tally.ts';

const always: readonly CaseStatus[] = ['passed', 'failed', 'inconclusive', 'unsupported', 'skipped'];
const onlyWhenAny: readonly CaseStatus[] = ['known-failure', 'unexpected-pass', 'not-run'];

/** Returns the table of areas by status, rare columns only where something stands in them; nothing without cases. */
export function areaRows(run: RunRecord, paint: Paint): string[] {
  if (run.cases.length === 0) return [];
  const total = countStandings(run.cases);
  const columns = [...always, ...onlyWhenAny.filter((status) => total[status] > 0)];
  const areas = [...byArea(run.cases)].map(([area, cases]) => row(area, cases, columns));
  const head = ['area', ...columns.map((status) => status.replace('-', ' ')), 'time'];
  const numbers = new Set([...head.keys()].slice(1));
  const [top = '', ...rest] = textTable([head, ...areas, row('all', run.cases, columns)], numbers).split('\n');
  return [[paint('bold', top), ...rest].join('\n')];
}

function row(name: string, cases: readonly CaseRecord[], columns: readonly CaseStatus[]): string[] {
  const counts = countStandings(cases);
  const ms = cases.reduce((sum, one) => sum + (one.result?.ms ?? 0), 0);
  return [name, ...columns.map((status) => String(counts[status])), duration(ms)];
}
