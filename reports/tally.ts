import { reasonOf, standingOf } from '../harness/events/record.ts';
import { nearestRank } from '../harness/measure/statistics.ts';
import type { CaseMeasure, CaseRecord, RunRecord, Standing } from '../harness/events/record.ts';

export const standings = [
  'passed',
  'unexpected-pass',
  'failed',
  'known-failure',
  'inconclusive',
  'unsupported',
  'skipped',
  'not-run',
] as const satisfies readonly Standing[];

export type Counts = Readonly<Record<Standing, number>>;

/** Returns how many cases came to each standing. */
export function countStandings(cases: readonly CaseRecord[]): Counts {
  const counts = Object.fromEntries(standings.map((standing) => [standing, 0])) as Record<Standing, number>;
  for (const one of cases) counts[standingOf(one)] += 1;
  return counts;
}

/** Returns the cases per area, areas in the order in which they were planned. */
export function byArea(cases: readonly CaseRecord[]): Map<string, CaseRecord[]> {
  return Map.groupBy(cases, (one) => one.area);
}

/** Returns the cases of one standing. */
export function casesOf(run: RunRecord, ...wanted: Standing[]): CaseRecord[] {
  return run.cases.filter((one) => wanted.includes(standingOf(one)));
}

/** Returns the `count` longest cases that ran, longest first. */
export function slowest(run: RunRecord, count: number): { readonly id: string; readonly ms: number }[] {
  return run.cases
    .flatMap(({ id, result, startedAt }) => (result && startedAt ? [{ id, ms: result.ms }] : []))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, count);
}

/** Cases that were not judged, grouped by why: many cases share one reason, and it is told once. */
export function groupByReason(cases: readonly CaseRecord[]): { reason: string; cases: CaseRecord[] }[] {
  const groups = Map.groupBy(cases, (one) => `${standingOf(one)}: ${reasonOf(one)}`);
  return [...groups]
    .map(([reason, members]) => ({ reason, cases: members }))
    .sort((a, b) => b.cases.length - a.cases.length);
}

export interface Spread {
  readonly name: string;
  readonly unit: CaseMeasure['unit'];
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  readonly values: readonly number[];
}

const settlePrefix = 'settle:';

/** More names than this in one area, and what they quote or count no longer tells them apart. */
const namesPerArea = 6;

/** Returns times to settle (ms), one spread per area and `what`; similar names are taken together where they are many. */
export function settleSpreads(run: RunRecord): Spread[] {
  const isSettle = (measure: CaseMeasure): boolean => measure.name.startsWith(settlePrefix);
  const names = new Map(
    [...byArea(run.cases)].map(([area, cases]) => [
      area,
      settleNamesOf(cases.flatMap((one) => one.measures.filter(isSettle))),
    ]),
  );
  return spreadsOf(run, isSettle, (area, { name }) => {
    const what = name.slice(settlePrefix.length);
    return (names.get(area)?.size ?? 0) > namesPerArea ? kindOf(what) : what;
  });
}

function settleNamesOf(measures: readonly CaseMeasure[]): Set<string> {
  return new Set(measures.map(({ name }) => name));
}

/** Returns a name without what it quotes and counts: `table after "deny all"` becomes `table after "…"`. */
function kindOf(what: string): string {
  return what.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/\d+/g, 'n');
}

/** Returns the spreads of everything measured but times to settle. */
export function otherSpreads(run: RunRecord): Spread[] {
  return spreadsOf(
    run,
    (measure) => !measure.name.startsWith(settlePrefix),
    (_, { name }) => name,
  );
}

function spreadsOf(
  run: RunRecord,
  wanted: (measure: CaseMeasure) => boolean,
  nameOf: (area: string, measure: CaseMeasure) => string,
): Spread[] {
  const labelled = run.cases.flatMap(({ area, measures }) =>
    measures.filter(wanted).map((measure) => ({ name: `${area}: ${nameOf(area, measure)}`, measure })),
  );
  const groups = Map.groupBy(labelled, ({ name, measure }) => `${name}\n${measure.unit}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const values = group.map(({ measure }) => measure.value);
    return first === undefined ? [] : [spread(first.name, first.measure.unit, values)];
  });
}

/** Returns the spread of some values; quantiles are nearest-rank, so each is a value that was really measured. */
export function spread(name: string, unit: CaseMeasure['unit'], values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (q: number): number => nearestRank(sorted, q) ?? Number.NaN;
  return { name, unit, count: sorted.length, p50: rank(0.5), p90: rank(0.9), max: rank(1), values: sorted };
}
