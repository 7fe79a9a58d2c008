import { seededRandom, shuffled, type Random } from '../../harness/measure/random.ts';
import { plural } from '../format.ts';
import { differenceOf, type Pair, rankTests, ruleFor, type RuleOptions } from './judge.ts';
import type { ComparedMetric, Comparison, Difference, Gate, Rule, Series } from './model.ts';
import { differenceText, metricName } from './words.ts';

/** False alarms are wanted below one gate in a hundred: half of alpha, for a gate looks at one direction alone. */
export const gateAlpha = 0.01;
const shuffledGates = 100;

interface GateOptions {
  readonly pairs: readonly Pair[];
  readonly limit: number;
}

/**
 * Returns what the gate says: failed where a metric is shown to be worse by the limit or more; undecided where too few
 * rounds, or nothing at all, was there to judge by.
 */
export function gateOf(comparison: Comparison, series: readonly Series[], { pairs, limit }: GateOptions): Gate {
  const { metrics, rule } = comparison;
  const failures = metrics.flatMap((metric) => metric.differences.flatMap((one) => failure(metric, one, limit)));
  const open = undecided(metrics, rule);
  const outcome = failures.length > 0 ? 'failed' : open.length > 0 ? 'undecided' : 'passed';
  const random = seededRandom(rule.seed);
  const dealt = Array.from({ length: shuffledGates }, () => falseAlarm(series, { pairs, limit }, { rule, random }));
  const shuffles = { gates: shuffledGates, failed: dealt.filter(Boolean).length };
  return { limit, outcome, reasons: [...failures, ...open], shuffles };
}

function failure(metric: ComparedMetric, one: Difference, limit: number): string[] {
  if (!failsGate(metric, one, limit)) return [];
  return [`${metric.area}: ${metricName(metric)} is worse, ${differenceText(one, metric.unit)}`];
}

/** Where the reference is zero, no share says how much worse: anything shown is too much. */
function failsGate({ better }: Series, { verdict, relative }: Difference, limit: number): boolean {
  if (verdict !== 'worse') return false;
  return relative === null || (better === 'lower' ? relative.difference : -relative.difference) >= limit;
}

function undecided(metrics: readonly ComparedMetric[], { fewestRounds, tests }: Rule): string[] {
  if (tests === 0) return ['nothing was measured on both sides'];
  const lonely = metrics.filter(({ differences, once }) => differences.length === 0 && once !== true);
  const alone = lonely.map((metric) => `${metric.area}: ${metricName(metric)} was measured on one side only`);
  const few = metrics.some(({ differences }) => differences.some(({ why }) => why === 'too few rounds'));
  if (!few) return alone;
  return [...alone, `${plural(tests, 'test')} can fail from ${plural(fewestRounds, 'round')} a side on`];
}

/**
 * Returns whether the gate fails on rounds that were dealt out to both sides at random: then it is a false alarm. Whole
 * rounds are dealt, so that metrics that move together still do.
 */
export function falseAlarm(
  series: readonly Series[],
  { pairs, limit }: GateOptions,
  { rule, random }: { readonly rule: RuleOptions; readonly random: Random },
): boolean {
  const dealt = pairs.reduce<readonly Series[]>((all, pair) => dealtOut(all, pair, random), series);
  const tests = rankTests(dealt, pairs);
  const used = ruleFor(tests.length, rule);
  const shown = tests.filter(({ ranked }) => ranked.pHolm <= used.alpha);
  return shown.some((test) => failsGate(test.series, differenceOf(test, used), limit));
}

function dealtOut(series: readonly Series[], { subject, reference }: Pair, random: Random): Series[] {
  const isOfPair = (one: { subject: string }) => one.subject === subject || one.subject === reference;
  const values = series.flatMap((one) => one.values.filter(isOfPair));
  const rounds = [...new Map(values.map((value) => [roundKey(value), value.subject]))];
  const owners = shuffled(
    rounds.map(([, owner]) => owner),
    random,
  );
  const ownerOf = new Map(rounds.map(([round], index) => [round, owners[index] ?? subject]));
  const deal = (value: Series['values'][number]) => ({
    ...value,
    subject: ownerOf.get(roundKey(value)) ?? value.subject,
  });
  return series.map((one) => ({ ...one, values: one.values.map(deal) }));
}

const roundKey = ({ subject, round }: Series['values'][number]): string => `${subject}\n${round}`;
