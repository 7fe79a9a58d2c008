import { z } from 'zod';
import { PathClass, Connections, Severity, UpgradeVerdict, WindowKind } from '../../harness/events/upgrade-events.ts';

const time = z.iso.datetime();
const count = z.int().nonnegative();

const Window = z.strictObject({
  kind: WindowKind,
  from: time,
  ms: z.number().nonnegative(),
  attempts: count,
  recovered: z.boolean(),
  classes: z.record(z.string(), count),
});
export type Window = z.infer<typeof Window>;

const Seen = z.strictObject({
  attempts: count,
  failed: count,
  lost: count,
  cuts: count,
  meanMs: z.number().optional(),
  maxMs: z.number().optional(),
});
export type Seen = z.infer<typeof Seen>;

const Lane = z.strictObject({
  transport: z.string(),
  connections: Connections,
  everyMs: z.number(),
  before: Seen.optional(),
  during: Seen.optional(),
  /** Of the whole session, in order. */
  windows: z.array(Window),
});
export type Lane = z.infer<typeof Lane>;

/** One way through the cluster, with all transports and kinds of connections on it. */
const Path = z.strictObject({
  class: PathClass,
  from: z.string(),
  to: z.string(),
  expected: z.enum(['open', 'closed']),
  outcome: z.enum(['passed', 'failed', 'inconclusive', 'unsupported', 'skipped']).optional(),
  reason: z.string(),
  lanes: z.array(Lane),
});
export type Path = z.infer<typeof Path>;

const Span = z.strictObject({
  kind: z.enum(['phase', 'step', 'node', 'pods']),
  title: z.string(),
  from: time,
  ms: z.number(),
});
export type Span = z.infer<typeof Span>;

/** What `upgrade.json` holds; docs/upgrade.schema.json is made of it. */
export const UpgradeReport = z.strictObject({
  version: z.literal(1),
  runId: z.string(),
  ordeal: z.string(),
  title: z.string(),
  startedAt: time,
  endedAt: time,
  cluster: z
    .strictObject({ name: z.string(), kubernetes: z.string(), cni: z.string(), cniVersion: z.string(), nodes: count })
    .optional(),
  /** Absent: the log ends before there was one. */
  verdict: UpgradeVerdict.optional(),
  reasons: z.array(z.string()),
  budgets: z.record(z.string(), z.record(z.string(), z.number())),
  conformance: z
    .strictObject({
      before: z.record(z.string(), count),
      after: z.record(z.string(), count),
      worse: z.array(z.string()),
      better: z.array(z.string()),
      failedBoth: z.array(z.string()),
    })
    .optional(),
  findings: z.array(
    z.strictObject({
      check: z.string(),
      severity: Severity,
      object: z.string(),
      what: z.string(),
      remedy: z.string(),
    }),
  ),
  spans: z.array(Span),
  paths: z.array(Path),
});
export type UpgradeReport = z.infer<typeof UpgradeReport>;
