import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import { curvesOf, isCurveMetric } from './curves.ts';
import { distributionsOf } from './distributions.ts';
import { gateOf } from './gate.ts';
import { allPairs, judge, type Pair, type RuleOptions, usualRule } from './judge.ts';
import { type Comparison, comparisonVersion, type Series, type Subject } from './model.ts';
import type { Curve, Distribution } from './told.ts';
import { ratiosOf } from './ratios.ts';
import { type NamedRun, samplesOf } from './samples.ts';
import { seriesOf } from './series.ts';
import { onSameHost, subjectsOf } from './subjects.ts';

/** Figures of some subjects, not judged yet. */
export interface Figures {
  readonly subjects: readonly Subject[];
  readonly series: readonly Series[];
  readonly leftOut: readonly string[];
  readonly distributions?: readonly Distribution[];
  readonly curves?: readonly Curve[];
}

/** Returns what finished logs tell of the declared metrics. */
export function figuresOf(runs: readonly NamedRun[], declared: readonly MetricDeclaration[]): Figures {
  const { samples, leftOut } = samplesOf(runs, declared);
  const [curved, plain] = [true, false].map((isCurve) =>
    samples.filter(({ metric }) => isCurveMetric(metric) === isCurve),
  );
  const made = seriesOf(plain ?? []);
  return {
    subjects: subjectsOf(runs),
    series: made.series,
    leftOut: [...leftOut, ...made.leftOut],
    distributions: distributionsOf(plain ?? []),
    curves: curvesOf(curved ?? []),
  };
}

export interface CompareOptions {
  /** Absent: every subject against every one before it. */
  readonly pairs?: readonly Pair[];
  readonly rule?: Partial<RuleOptions>;
  /** Share by which no metric may get worse: makes the comparison a gate. */
  readonly limit?: number;
}

/** Returns the comparison of the figures: medians, differences with intervals, verdicts. */
export function compare(figures: Figures, options: CompareOptions = {}): Comparison {
  const { subjects, series, leftOut, distributions = [], curves = [] } = figures;
  const pairs = options.pairs ?? allPairs(subjects.map(({ name }) => name));
  const { rule, metrics } = judge(series, pairs, { ...usualRule, ...options.rule });
  const sameHost = onSameHost(subjects);
  const judged: Comparison = {
    comparisonVersion,
    subjects: [...subjects],
    sameHost,
    rule,
    metrics,
    ratios: ratiosOf(series, { ...usualRule, ...options.rule }),
    distributions: [...distributions],
    curves: [...curves],
    leftOut: [...leftOut],
  };
  if (options.limit === undefined) return judged;
  return { ...judged, gate: gateOf(judged, series, { pairs, limit: options.limit }) };
}
