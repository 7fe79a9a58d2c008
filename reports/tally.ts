import { nameOf, reasonOf, statusOf } from '../harness/events/record.ts';
import type { CaseRecord, RunRecord, CaseStatus } from '../harness/events/record.ts';

export const statuses = [
  'passed',
  'unexpected-pass',
  'failed',
  'known-failure',
  'inconclusive',
  'unsupported',
  'skipped',
  'not-run',
] as const satisfies readonly CaseStatus[];

export type Counts = Readonly<Record<CaseStatus, number>>;

/** Returns how many cases came to each status. */
export function countStandings(cases: readonly CaseRecord[]): Counts {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<CaseStatus, number>;
  for (const one of cases) counts[statusOf(one)] += 1;
  return counts;
}

/** Returns the cases per area, areas in the order in which they were planned. */
export function byArea(cases: readonly CaseRecord[]): Map<string, CaseRecord[]> {
  return Map.groupBy(cases, (one) => one.area);
}

/** Returns the cases of one status. */
export function casesOf(run: RunRecord, ...wanted: CaseStatus[]): CaseRecord[] {
  return run.cases.filter((one) => wanted.includes(statusOf(one)));
}

/** Returns the `count` longest cases that ran, longest first. */
export function slowest(run: RunRecord, count: number): { readonly id: string; readonly ms: number }[] {
  return run.cases
    .flatMap((one) => (one.result && one.startedAt ? [{ id: nameOf(one), ms: one.result.ms }] : []))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, count);
}

/** Cases that were not judged, grouped by why: many cases share one reason, and it is told once. */
export function groupByReason(cases: readonly CaseRecord[]): { reason: string; cases: CaseRecord[] }[] {
  const groups = Map.groupBy(cases, (one) => `${statusOf(one)}: ${reasonOf(one)}`);
  return [...groups]
    .map(([reason, members]) => ({ reason, cases: members }))
    .sort((a, b) => b.cases.length - a.cases.length);
}
