import { oneLine, plural } from '../format.ts';
import { figure } from './figure.ts';
import type { ComparedMetric, Comparison, Difference } from './model.ts';
import type { Curve } from './told.ts';

/** Returns a metric as people read it: `latency p99 (protocol udp)`. */
export function metricName({ title, quantile, labels }: Pick<ComparedMetric, 'title' | 'quantile' | 'labels'>): string {
  const said = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  const told = said.length === 0 ? '' : ` (${said.join(', ')})`;
  return `${title}${quantile === undefined ? '' : ` ${quantile}`}${told}`;
}

/** Returns a share as people read it: `4.2 %`, `93 %`. */
export const percentText = (share: number): string => `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
const percent = (share: number): string => `${share > 0 ? '+' : ''}${percentText(share)}`;

/** Returns a subject's median of a metric; NaN where it has no values. */
export function medianOf({ summaries }: Pick<ComparedMetric, 'summaries'>, subject: string): number {
  return summaries.find((summary) => summary.subject === subject)?.median ?? Number.NaN;
}

/** Returns a difference with its interval: `+12 % [+8.1 %, +15 %]`, in the unit where the reference is zero. */
export function differenceText({ difference, interval, relative }: Difference, unit: string): string {
  const say = relative === null ? (value: number) => signed(value, unit) : percent;
  const told = relative ?? { difference, interval };
  const around = told.interval === null ? '' : ` [${say(told.interval.low)}, ${say(told.interval.high)}]`;
  return `${say(told.difference)}${around}`;
}

const signed = (value: number, unit: string): string =>
  value < 0 ? `-${figure(-value, unit)}` : `+${figure(value, unit)}`;

/** Returns what more of something costs, a row a subject: who, what 100 more cost, and where the line leads. */
export function curveRows({ subjects, unit }: Curve): string[][] {
  const say = (value: number) => (value < 0 ? `-${figure(-value, unit)}` : figure(value, unit));
  const around = (interval: { readonly low: number; readonly high: number } | null) =>
    interval === null ? '' : ` [${say(interval.low)}, ${say(interval.high)}]`;
  return subjects.map(({ subject, slopePer100, interval, projection: { level, value, interval: far } }) => {
    const led = value < 0 ? 'below zero: no straight line leads so far' : `${say(value)}${around(far)}`;
    return [subject, `${say(slopePer100)}${around(interval)}`, `at ${level}, extrapolated: ${led}`];
  });
}

/** Returns the noise floor as a share of the reference: `±4.2 %`, in the unit where the reference is zero. */
export function noiseText({ noise, relative }: Difference, unit: string, reference: number): string {
  if (noise === null) return 'unknown';
  return `±${relative === null ? figure(noise, unit) : percentText(noise / Math.abs(reference))}`;
}

/** Returns the verdict, with the reason where no difference is shown. */
export function verdictText({ verdict, why }: Difference): string {
  return why === undefined ? verdict : `${verdict}: ${why}`;
}

/** Returns a p-value: `0.012`, `<0.001`. */
export function pText(p: number): string {
  return p < 0.001 ? '<0.001' : p.toPrecision(2);
}

/** Returns what a gate says, a sentence a line; nothing for a comparison without one. */
export function gateLines({ gate, rule }: Comparison): string[] {
  if (gate === undefined) return [];
  const { limit, outcome, reasons, shuffles } = gate;
  const alarms = `${shuffles.failed} of ${shuffles.gates} gates between the same rounds dealt out at random failed`;
  return [
    `gate: ${outcome} (no metric may be shown to be worse by ${percentText(limit)} or more)`,
    ...reasons,
    `false alarms: at most ${percentText(rule.alpha / 2)} of gates by the rule; here, A against A, ${alarms}`,
  ];
}

/** Returns what a reader must know before any figure, a sentence a line. */
export function caveats({ subjects, sameHost, rule, metrics, leftOut }: Comparison): string[] {
  const remarks = subjects.flatMap(({ name, remarks: said }) => said.map((remark) => `${name}: ${remark}`));
  const few = metrics.some(({ differences }) => differences.some(({ why }) => why === 'too few rounds'));
  return [
    sameHost
      ? 'All was measured on machines that look the same in the logs.'
      : 'Measured on different machines: differences are as much theirs as the networks’.',
    ...(rule.tests === 0
      ? []
      : [
          `${plural(rule.tests, 'test')}: exact rank test on values of rounds, corrected after Holm, and a bootstrap interval (${rule.confidence * 100} %) without zero.`,
        ]),
    ...(few
      ? [
          `Too few rounds for a verdict: ${plural(rule.tests, 'test')} can show something from ${rule.fewestRounds} rounds a subject on.`,
        ]
      : []),
    'Nodes of kind share one kernel and its CPUs: ratios on one host mean something, absolute figures do not.',
    ...remarks,
    // The whole list is in the JSON: hundreds of cases would bury what else is said.
    ...leftOut.map((said) => oneLine(said, 240)),
  ];
}
