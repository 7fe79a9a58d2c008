import { z } from 'zod';
import { MeasureUnit } from '../../harness/events/case-events.ts';

/** In the unit of what it is about. */
export const Interval = z.strictObject({ low: z.number(), high: z.number() });

/** What a path gives of what the path below it gives: pod of host, Service of pod. */
export const Ratio = z.strictObject({
  /** Of the series of the path. */
  id: z.string(),
  path: z.string(),
  baseline: z.string(),
  subject: z.string(),
  rounds: z.int(),
  median: z.number(),
  interval: Interval.nullable(),
});
export type Ratio = z.infer<typeof Ratio>;

/** What share of the latencies of all rounds was at most so long. */
export const Distribution = z.strictObject({
  area: z.string(),
  metric: z.string(),
  title: z.string(),
  load: z.string(),
  labels: z.record(z.string(), z.string()),
  subjects: z.array(
    z.strictObject({
      subject: z.string(),
      count: z.int(),
      points: z.array(z.strictObject({ us: z.number(), share: z.number() })),
    }),
  ),
});
export type Distribution = z.infer<typeof Distribution>;

/** How a figure grows with the number of objects of a cluster: a straight line through the levels of each round. */
export const Curve = z.strictObject({
  metric: z.string(),
  title: z.string(),
  unit: MeasureUnit,
  better: z.enum(['lower', 'higher']),
  load: z.string(),
  /** What there is more and more of. */
  dimension: z.string(),
  subjects: z.array(
    z.strictObject({
      subject: z.string(),
      points: z.array(z.strictObject({ level: z.number(), median: z.number(), values: z.array(z.number()) })),
      /** What 100 more of them cost, in the unit of the metric: the median of rounds. */
      slopePer100: z.number(),
      interval: Interval.nullable(),
      /** What the lines say of a number that was not measured. */
      projection: z.strictObject({ level: z.number(), value: z.number(), interval: Interval.nullable() }),
    }),
  ),
});
export type Curve = z.infer<typeof Curve>;
