import { z } from 'zod';
import { BaselineNote, Outcome } from './outcome.ts';
import { stamped } from './stamped.ts';
import { checkCells, tableShape } from './table-cell.ts';

type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z';
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type IsTail<S extends string> = S extends `${infer First}${infer Rest}`
  ? First extends Letter | Digit | '_' | '.'
    ? IsTail<Rest>
    : false
  : true;

/**
 * A literal that names a metric, checked as it is compiled: a name in words would break its case only once it is
 * measured. `never` for any other text, and for strings that are no literals.
 */
export type Metric<S extends string> = S extends `${Letter}${infer Rest}`
  ? string extends Rest
    ? never
    : IsTail<Rest> extends true
      ? S
      : never
  : never;

/** Names of metrics are identifiers, never prose: `settle_time`, `downtime.longest`. */
export const MetricName = z.string().regex(/^[a-z][a-z0-9_.]*$/, 'a metric is named [a-z][a-z0-9_.]*');

export const MeasureUnit = z.enum([
  'ms',
  'us',
  'count',
  'bytes',
  'ratio',
  'percent',
  'per_second',
  'bits_per_second',
  'cpu_seconds',
]);
export type MeasureUnit = z.infer<typeof MeasureUnit>;

/** What a case is told apart by: the same case under a fault is another variant of it. Absent: the plain case. */
const key = { id: z.string(), variant: z.string().optional() };
const labels = z.record(z.string(), z.string());

export const caseEvents = [
  stamped('case.planned', {
    ...key,
    title: z.string(),
    area: z.string(),
    tier: z.enum(['core', 'extended']),
    tags: z.array(z.string()),
    needs: z.array(z.string()),
    source: z.string().optional(),
  }),
  stamped('case.started', key),
  stamped('case.step', {
    ...key,
    title: z.string(),
    startMs: z.number(),
    ms: z.number(),
    error: z.string().optional(),
  }),
  stamped('case.parameter', { ...key, name: z.string(), value: z.string() }),
  stamped('case.measure', { ...key, metric: MetricName, unit: MeasureUnit, value: z.number(), labels }),
  stamped('case.histogram', {
    ...key,
    metric: MetricName,
    unit: z.literal('us'),
    labels,
    /** HdrHistogram, compressed V2, base64. */
    encoded: z.string(),
  }),
  stamped('case.table', { ...key, ...tableShape }).check(checkCells),
  stamped('case.attachment', { ...key, name: z.string(), mime: z.string(), content: z.string() }),
  stamped('case.finished', {
    ...key,
    outcome: Outcome,
    baseline: BaselineNote,
    /** Why: failure message, skip reason (found and needed), or the baseline's reason for a known failure. */
    reason: z.string().optional(),
    trace: z.string().optional(),
    ms: z.number(),
  }),
] as const;
