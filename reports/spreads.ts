import { nearestRank, type PercentileName, printablePercentiles } from '../harness/measure/statistics.ts';
import type { CaseMeasure, CaseRecord, RunRecord } from '../harness/events/record.ts';

export interface Spread {
  readonly name: string;
  readonly unit: CaseMeasure['unit'];
  readonly count: number;
  /** Those that the count carries: p90 from 100 values on, p99 from 1,000. */
  readonly percentiles: Partial<Record<PercentileName, number>>;
  readonly max: number;
  readonly values: readonly number[];
}

const settleTime = 'settle_time';

/** Labels that say what a value is of; others say where it was measured. */
const classes = ['what', 'of', 'kind', 'protocol', 'connections', 'rhythm'] as const;

/** Kinds of waits an area shows by name; in one with more, those met only once are told together. */
const namedKinds = 6;

/** Returns times to settle (ms), one spread per area and kind of wait. */
export function settleSpreads(run: RunRecord): Spread[] {
  const told = run.cases.flatMap((one) => measuresOf(one, (metric) => metric === settleTime));
  const named = told.map(({ area, measure }) => ({ area, measure, kind: kindOf(measure) }));
  const byArea = Map.groupBy(named, ({ area }) => area);
  return [...byArea].flatMap(([area, waits]) => {
    const kinds = Map.groupBy(waits, ({ kind }) => kind);
    const lone = (kind: string) => kinds.size > namedKinds && kinds.get(kind)?.length === 1;
    const nameOf = (kind: string) => `${area}: ${lone(kind) ? 'other waits' : kind}`;
    return spreadsOf(waits.map(({ measure, kind }) => ({ name: nameOf(kind), measure })));
  });
}

const kindOf = ({ labels }: CaseMeasure): string => labels['kind'] ?? labels['what'] ?? settleTime;

/** Returns the spreads of everything measured but times to settle, per area, metric and what it is of. */
export function otherSpreads(run: RunRecord): Spread[] {
  const told = run.cases.flatMap((one) => measuresOf(one, (metric) => metric !== settleTime));
  return spreadsOf(told.map(({ area, measure }) => ({ name: `${area}: ${measureName(measure)}`, measure })));
}

/** Returns a metric with what it is of: `downtime.longest (connections new)`. */
export function measureName({ metric, labels }: Pick<CaseMeasure, 'metric' | 'labels'>): string {
  const said = classes.flatMap((label) => (labels[label] === undefined ? [] : [`${label} ${labels[label]}`]));
  return said.length === 0 ? metric : `${metric} (${said.join(', ')})`;
}

function measuresOf({ area, measures }: CaseRecord, wanted: (metric: string) => boolean) {
  return measures.filter(({ metric }) => wanted(metric)).map((measure) => ({ area, measure }));
}

function spreadsOf(named: readonly { readonly name: string; readonly measure: CaseMeasure }[]): Spread[] {
  const groups = Map.groupBy(named, ({ name, measure }) => `${name}\n${measure.unit}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const values = group.map(({ measure }) => measure.value);
    return first === undefined ? [] : [spread(first.name, first.measure.unit, values)];
  });
}

/** Returns the spread of some values; percentiles are nearest-rank, so each is a value that was really measured. */
export function spread(name: string, unit: CaseMeasure['unit'], values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const told = printablePercentiles(sorted.length).map(({ name: percentile, q }) => {
    return [percentile, nearestRank(sorted, q) ?? Number.NaN] as const;
  });
  const percentiles: Spread['percentiles'] = Object.fromEntries<number>(told);
  return { name, unit, count: sorted.length, percentiles, max: sorted.at(-1) ?? Number.NaN, values: sorted };
}
