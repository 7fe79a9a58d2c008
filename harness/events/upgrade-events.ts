import { z } from 'zod';
import { stamped } from './stamped.ts';

/** What kind of way a path takes through the cluster. `own`: one that the user named. */
export const PathClass = z.enum([
  'same-node',
  'other-node',
  'cluster-ip',
  'node-port',
  'headless',
  'dns',
  'api-server',
  'policy-allow',
  'policy-deny',
  'own',
]);
export type PathClass = z.infer<typeof PathClass>;

/** `idle`: one kept connection with gaps that outlast what devices forget a flow after. */
export const Connections = z.enum(['new', 'reused', 'idle']);
export type Connections = z.infer<typeof Connections>;

/**
 * `down`: attempts failed. `leak`: attempts succeeded that a policy forbids. `lost`: nobody looked, or nobody was there
 * to answer (agent gone, node rebooted): neither up nor down. `starved`: attempts failed while the process that asked or
 * was asked got no time to run.
 */
export const WindowKind = z.enum(['down', 'leak', 'lost', 'starved']);
export type WindowKind = z.infer<typeof WindowKind>;

export const UpgradeVerdict = z.enum(['safe', 'safe with downtime', 'unsafe', 'inconclusive']);
export type UpgradeVerdict = z.infer<typeof UpgradeVerdict>;

export const Severity = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

const window = {
  lane: z.string(),
  kind: WindowKind,
  /** When the first of its attempts was due, by the harness's clock. */
  from: z.iso.datetime(),
  ms: z.number().nonnegative(),
  /** Attempts that failed, leaked or were lost. */
  attempts: z.int().nonnegative(),
  /** False: the samples end inside the window. */
  recovered: z.boolean(),
  /** Attempts by class: `refused: ECONNREFUSED` -> 3. */
  classes: z.record(z.string(), z.int()),
};

export const upgradeEvents = [
  /** A path that is sampled, on one kind of connections. */
  stamped('lane', {
    lane: z.string(),
    class: PathClass,
    from: z.string(),
    to: z.string(),
    transport: z.string(),
    connections: Connections,
    expected: z.enum(['open', 'closed']),
    everyMs: z.number(),
  }),
  stamped('window', window),
  /** What one lane came to between two marks. */
  stamped('lane.seen', {
    lane: z.string(),
    stretch: z.enum(['before', 'during']),
    attempts: z.int(),
    failed: z.int(),
    /** Nobody knows what became of them. */
    lost: z.int(),
    /** Times a kept connection was lost, also between two attempts that both succeeded. */
    cuts: z.int(),
    /** Of attempts that were answered; absent where none was. */
    meanMs: z.number().optional(),
    maxMs: z.number().optional(),
  }),
  /** A stretch of the upgrade: a step that the command named, or what the API server told of a node. */
  stamped('span', {
    kind: z.enum(['step', 'node', 'pods']),
    title: z.string(),
    from: z.iso.datetime(),
    ms: z.number().nonnegative(),
  }),
  /** A line that the command wrote. */
  stamped('output', { stream: z.enum(['stdout', 'stderr']), line: z.string() }),
  stamped('finding', {
    check: z.string(),
    severity: Severity,
    object: z.string(),
    what: z.string(),
    remedy: z.string(),
  }),
  stamped('upgrade.verdict', {
    verdict: UpgradeVerdict,
    reasons: z.array(z.string()),
    /** Conformance before and after, where both are known. */
    conformance: z
      .strictObject({
        before: z.record(z.string(), z.int()),
        after: z.record(z.string(), z.int()),
        worse: z.array(z.string()),
        better: z.array(z.string()),
        failedBoth: z.array(z.string()),
      })
      .optional(),
    /** The budget that was applied, for each class of paths. */
    budgets: z.record(z.string(), z.record(z.string(), z.number())),
  }),
] as const;
