import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import { gateOf } from './gate.ts';
import { allPairs, judge, type Pair, type RuleOptions, usualRule } from './judge.ts';
import { type Comparison, comparisonVersion, type Series, type Subject } from './model.ts';
import { type NamedRun, samplesOf } from './samples.ts';
import { seriesOf } from './series.ts';
import { onSameHost, subjectsOf } from './subjects.ts';

/** Figures of some subjects, not judged yet. */
export interface Figures {
  readonly subjects: readonly Subject[];
  readonly series: readonly Series[];
  readonly leftOut: readonly string[];
}

/** Returns what finished logs tell of the declared metrics. */
export function figuresOf(runs: readonly NamedRun[], declared: readonly MetricDeclaration[]): Figures {
  const { samples, leftOut } = samplesOf(runs, declared);
  const made = seriesOf(samples);
  return { subjects: subjectsOf(runs), series: made.series, leftOut: [...leftOut, ...made.leftOut] };
}

export interface CompareOptions {
  /** Absent: every subject against every one before it. */
  readonly pairs?: readonly Pair[];
  readonly rule?: Partial<RuleOptions>;
  /** Share by which no metric may get worse: makes the comparison a gate. */
  readonly limit?: number;
}

/** Returns the comparison of the figures: medians, differences with intervals, verdicts. */
export function compare({ subjects, series, leftOut }: Figures, options: CompareOptions = {}): Comparison {
  const pairs = options.pairs ?? allPairs(subjects.map(({ name }) => name));
  const { rule, metrics } = judge(series, pairs, { ...usualRule, ...options.rule });
  const sameHost = onSameHost(subjects);
  const judged: Comparison = {
    comparisonVersion,
    subjects: [...subjects],
    sameHost,
    rule,
    metrics,
    leftOut: [...leftOut],
  };
  if (options.limit === undefined) return judged;
  return { ...judged, gate: gateOf(judged, series, { pairs, limit: options.limit }) };
}
