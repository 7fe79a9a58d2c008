import { z } from 'zod';
import { MeasureUnit } from '../../harness/events/case-events.ts';
import { Curve, Distribution, Interval, Ratio } from './told.ts';

/** Bumped when a reader of an older comparison would misread a newer one. */
export const comparisonVersion = 1;

export const RoundValue = z.strictObject({
  subject: z.string(),
  /** A round's name, or the id of the run that is the round. */
  round: z.string(),
  value: z.number(),
  /** Values or samples that this one stands for. */
  count: z.int(),
});
export type RoundValue = z.infer<typeof RoundValue>;

const series = {
  /** Names the series within a comparison, the same in every comparison. */
  id: z.string(),
  metric: z.string(),
  title: z.string(),
  unit: MeasureUnit,
  better: z.enum(['lower', 'higher']),
  load: z.string(),
  /** Taken once a comparison, not once a round: told, and no test is spent on it. */
  once: z.literal(true).optional(),
  area: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Cases that measured it: other cases would have measured something else. */
  cases: z.array(z.string()),
  /** Which percentile of a latency the values are; absent where they are plain values. */
  quantile: z.enum(['p50', 'p90', 'p99', 'p99.9']).optional(),
  values: z.array(RoundValue),
};
export const Series = z.strictObject(series);
export type Series = z.infer<typeof Series>;

export const Verdict = z.enum(['better', 'worse', 'no difference shown']);
export type Verdict = z.infer<typeof Verdict>;

/** Why no difference is shown. */
export const Why = z.enum(['too few rounds', 'within chance', 'interval includes zero']);

/** `subject` against `reference`: positive where the subject's values are larger. */
export const Difference = z.strictObject({
  subject: z.string(),
  reference: z.string(),
  /** Of the medians, in the unit of the metric. */
  difference: z.number(),
  /** `null` where a subject has too few rounds for one. */
  interval: Interval.nullable(),
  /** Difference and interval as shares of the reference's median; `null` where that is zero. */
  relative: z.strictObject({ difference: z.number(), interval: Interval.nullable() }).nullable(),
  /** How far apart two groups of one subject are in 95 of 100 cases, in the unit of the metric; `null` as above. */
  noise: z.number().nullable(),
  /** P(subject's value > reference's value), ties counted half. */
  effect: z.number(),
  p: z.number(),
  /** After Holm's correction over all tests of the comparison. */
  pHolm: z.number(),
  verdict: Verdict,
  why: Why.optional(),
});
export type Difference = z.infer<typeof Difference>;

/** Median of a subject's rounds with its 95 % interval, in the unit of the metric. */
export const Summary = z.strictObject({
  subject: z.string(),
  rounds: z.int(),
  median: z.number(),
  interval: Interval.nullable(),
});
export type Summary = z.infer<typeof Summary>;

export const ComparedMetric = z.strictObject({
  ...series,
  summaries: z.array(Summary),
  differences: z.array(Difference),
});
export type ComparedMetric = z.infer<typeof ComparedMetric>;

export const Subject = z.strictObject({
  name: z.string(),
  /** What was measured: CNI, Kubernetes, mesh, with versions. */
  network: z.string(),
  nodes: z.int(),
  host: z.record(z.string(), z.string()),
  runs: z.array(
    z.strictObject({
      runId: z.string(),
      startedAt: z.string(),
      command: z.string(),
      /** As it was given, secrets left out. */
      argv: z.array(z.string()).optional(),
    }),
  ),
  /** What speaks against its figures: a torn log, rounds that died, an installation that failed. */
  remarks: z.array(z.string()),
});
export type Subject = z.infer<typeof Subject>;

/** What verdicts rest on. */
export const Rule = z.strictObject({
  /** A difference is shown where the corrected p is below. */
  alpha: z.number(),
  /** Of intervals and of the noise floor. */
  confidence: z.number(),
  resamples: z.int(),
  seed: z.int(),
  tests: z.int(),
  /** Rounds a subject with which this many tests can show anything. */
  fewestRounds: z.int(),
});
export type Rule = z.infer<typeof Rule>;

export const Gate = z.strictObject({
  /** Share by which a metric may get worse. */
  limit: z.number(),
  /** `undecided`: nothing failed, but something could not be judged. */
  outcome: z.enum(['passed', 'failed', 'undecided']),
  /** What failed or could not be judged, a sentence each. */
  reasons: z.array(z.string()),
  /** Gates between these very rounds dealt out at random, and how many of them failed: false alarms, each. */
  shuffles: z.strictObject({ gates: z.int(), failed: z.int() }),
});
export type Gate = z.infer<typeof Gate>;

export const Comparison = z.strictObject({
  comparisonVersion: z.literal(comparisonVersion),
  subjects: z.array(Subject),
  /** Whether all was measured on one machine, as far as logs tell: figures of different ones say more of the machines. */
  sameHost: z.boolean(),
  rule: Rule,
  metrics: z.array(ComparedMetric),
  /** Told beside the metrics, without a test. */
  ratios: z.array(Ratio).default([]),
  distributions: z.array(Distribution).default([]),
  curves: z.array(Curve).default([]),
  /** Of a comparison with `--fail-on`. */
  gate: Gate.optional(),
  leftOut: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;
