import { bootstrapDifference, type Interval, noiseFloor } from '../../harness/measure/bootstrap.ts';
import { holm } from '../../harness/measure/holm.ts';
import { seededRandom } from '../../harness/measure/random.ts';
import { fewestValues, leastP, rankTest } from '../../harness/measure/rank-test.ts';
import { median } from '../../harness/measure/statistics.ts';
import type { ComparedMetric, Difference, Rule, Series, Summary } from './model.ts';

/** Of fewer values a resample tells nothing: an interval of one value would have no width. */
export const fewestForInterval = 3;

/** Which subject is set against which. */
export interface Pair {
  readonly subject: string;
  readonly reference: string;
}

export type RuleOptions = Pick<Rule, 'alpha' | 'confidence' | 'resamples' | 'seed'>;
export const usualRule: RuleOptions = { alpha: 0.05, confidence: 0.95, resamples: 2_000, seed: 1 };

/** Returns every subject against every one before it. */
export function allPairs(subjects: readonly string[]): Pair[] {
  return subjects.flatMap((reference, index) => subjects.slice(index + 1).map((subject) => ({ subject, reference })));
}

interface Test {
  readonly series: Series;
  readonly pair: Pair;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** A test with what ranks alone tell: quick, so that simulations may ask for thousands. */
export interface RankedTest extends Test {
  readonly ranked: Pick<Difference, 'p' | 'effect' | 'pHolm'>;
}

/** Returns the rank test of every series and pair that both have values, corrected for all of them. */
export function rankTests(all: readonly Series[], pairs: readonly Pair[]): RankedTest[] {
  const tested = all.filter(({ once }) => once !== true);
  const tests = tested.flatMap((series) => pairs.flatMap((pair) => testOf(series, pair)));
  const ranks = tests.map(({ a, b }) => rankTest(a, b));
  const corrected = holm(ranks.map(({ p }) => p));
  return tests.map((test, i) => {
    const [{ p, effect }, pHolm] = [ranks[i] ?? { p: 1, effect: 0.5 }, corrected[i] ?? 1];
    return { ...test, ranked: { p, effect, pHolm } };
  });
}

/** Returns the rule that this many tests are judged by. */
export function ruleFor(tests: number, options: RuleOptions): Rule {
  return { ...options, tests, fewestRounds: fewestValues(tests, options.alpha) };
}

/**
 * Returns the series with medians, intervals and verdicts. A difference is shown where the exact rank test over the
 * values of rounds, corrected for all tests (Holm), falls below alpha and the bootstrap interval leaves out zero.
 */
export function judge(
  all: readonly Series[],
  pairs: readonly Pair[],
  options: RuleOptions,
): { rule: Rule; metrics: ComparedMetric[] } {
  const tests = rankTests(all, pairs);
  const rule = ruleFor(tests.length, options);
  const judged = tests.map((test) => ({ series: test.series, difference: differenceOf(test, rule) }));
  const metrics = all.map((series) => {
    const differences = judged.filter((one) => one.series === series).map(({ difference }) => difference);
    return { ...series, summaries: summariesOf(series, options), differences };
  });
  return { rule, metrics };
}

function testOf(series: Series, pair: Pair): Test[] {
  const [a, b] = [valuesOf(series, pair.reference), valuesOf(series, pair.subject)];
  return a.length === 0 || b.length === 0 ? [] : [{ series, pair, a, b }];
}

/** Returns a subject's values, one a round. */
export function valuesOf(series: Series, subject: string): number[] {
  return series.values.filter((one) => one.subject === subject).map(({ value }) => value);
}

/** Returns the difference that a test found, with interval, noise floor and verdict. */
export function differenceOf({ series, pair, a, b, ranked }: RankedTest, rule: Rule): Difference {
  const options = { ...rule, random: seededRandom(rule.seed) };
  const enough = Math.min(a.length, b.length) >= fewestForInterval;
  const interval = enough ? bootstrapDifference(a, b, options) : null;
  const difference = median(b) - median(a);
  const noise = enough ? Math.max(...[a, b].map((own) => noiseFloor(own, [a.length, b.length], options))) : null;
  const figures = { difference, interval, relative: sharesOf(difference, interval, median(a)), noise, ...ranked };
  const { verdict, why } = verdictOf({ ...figures, least: leastP(a.length, b.length) * rule.tests }, series, rule);
  return { ...pair, ...figures, verdict, ...(why === undefined ? {} : { why }) };
}

function sharesOf(difference: number, interval: Interval | null, base: number): Difference['relative'] {
  const size = Math.abs(base);
  if (size === 0) return null;
  const shares = interval === null ? null : { low: interval.low / size, high: interval.high / size };
  return { difference: difference / size, interval: shares };
}

function verdictOf(
  { interval, difference, pHolm, least }: Pick<Difference, 'interval' | 'difference' | 'pHolm'> & { least: number },
  { better }: Series,
  { alpha }: Rule,
): Pick<Difference, 'verdict' | 'why'> {
  const none = 'no difference shown';
  if (least > alpha || interval === null) return { verdict: none, why: 'too few rounds' };
  if (pHolm > alpha) return { verdict: none, why: 'within chance' };
  if (interval.low <= 0 && interval.high >= 0) return { verdict: none, why: 'interval includes zero' };
  return { verdict: difference > 0 === (better === 'higher') ? 'better' : 'worse' };
}

function summariesOf(series: Series, rule: RuleOptions): Summary[] {
  const subjects = [...new Set(series.values.map(({ subject }) => subject))];
  return subjects.map((subject) => {
    const values = valuesOf(series, subject);
    const enough = values.length >= fewestForInterval;
    const options = { ...rule, random: seededRandom(rule.seed) };
    const interval = enough ? bootstrapDifference([0], values, options) : null;
    return { subject, rounds: values.length, median: median(values), interval };
  });
}
