import { z } from 'zod';

/** Bumped when a reader of an older version would misread a newer log. */
export const logVersion = 1;

const at = z.iso.datetime().describe('wall clock, UTC');
const stamped = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at, ...shape });

/**
 * `failed`: the network did not do what the expectation says. `inconclusive`: the tool could not tell. `unsupported`:
 * the CNI or mesh does not claim and does not show the needed feature. `skipped`: this machine or cluster lacks
 * something no CNI could bring (SCTP in the kernel, a second node, node access).
 */
export const Outcome = z.enum(['passed', 'failed', 'inconclusive', 'unsupported', 'skipped']);
export type Outcome = z.infer<typeof Outcome>;

/** How an outcome relates to `reports/baselines`. */
export const BaselineNote = z.enum(['as-expected', 'known-failure', 'unexpected-pass']);

/** Cases that a run did not plan, and why; by name where it did not choose them itself. */
export const LeftOut = z.strictObject({ cases: z.int(), why: z.string(), ids: z.array(z.string()).optional() });

/** The first logs of this version had one group alone. */
const asList = (value: unknown): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

export const RunEvent = z.discriminatedUnion('type', [
  stamped('run.started', {
    logVersion: z.literal(logVersion),
    runId: z.string(),
    ordeal: z.string(),
    argv: z.array(z.string()),
    imageSource: z.string(),
    leftOut: z.preprocess(asList, z.array(LeftOut)).optional(),
  }),
  stamped('environment', {
    host: z.record(z.string(), z.string()),
    cluster: z.strictObject({
      name: z.string(),
      provider: z.string(),
      kubernetes: z.string(),
      cni: z.string(),
      cniVersion: z.string(),
      mesh: z.string(),
      meshVersion: z.string(),
      nodes: z.array(z.strictObject({ name: z.string(), role: z.string(), kernel: z.string(), zone: z.string() })),
    }),
    features: z.array(
      z.strictObject({
        feature: z.string(),
        observed: z.union([z.boolean(), z.literal('undetermined')]),
        declared: z.union([z.boolean(), z.literal('unknown')]),
        evidence: z.string(),
        /** Named by --require: the network does not conform without it. */
        required: z.literal(true).optional(),
      }),
    ),
    images: z.record(z.string(), z.string()),
  }),
  stamped('step', {
    title: z.string(),
    ms: z.number(),
    outcome: z.enum(['ok', 'failed']),
    error: z.string().optional(),
  }),
  stamped('case.planned', {
    id: z.string(),
    title: z.string(),
    area: z.string(),
    tier: z.enum(['core', 'extended']),
    tags: z.array(z.string()),
    needs: z.array(z.string()),
    source: z.string().optional(),
  }),
  stamped('case.started', { id: z.string() }),
  stamped('case.step', {
    id: z.string(),
    title: z.string(),
    startMs: z.number(),
    ms: z.number(),
    error: z.string().optional(),
  }),
  stamped('case.parameter', { id: z.string(), name: z.string(), value: z.string() }),
  stamped('case.measure', {
    id: z.string(),
    name: z.string(),
    value: z.number(),
    unit: z.enum(['ms', 'us', 'count', 'bytes', 'ratio']),
    labels: z.record(z.string(), z.string()),
  }),
  stamped('case.attachment', { id: z.string(), name: z.string(), mime: z.string(), content: z.string() }),
  stamped('case.finished', {
    id: z.string(),
    outcome: Outcome,
    baseline: BaselineNote,
    /** Why: failure message, skip reason (found and needed), or the baseline's reason for a known failure. */
    reason: z.string().optional(),
    trace: z.string().optional(),
    ms: z.number(),
  }),
  stamped('fault', {
    id: z.string(),
    fault: z.string(),
    phase: z.enum(['armed', 'injected', 'observed', 'ineffective', 'reverted', 'deadline-reverted', 'leaked']),
    detail: z.string(),
  }),
  stamped('note', { level: z.enum(['info', 'warning', 'error']), message: z.string() }),
  stamped('run.finished', { exitCode: z.int(), ms: z.number(), error: z.string().optional() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
type Unstamped<E> = E extends RunEvent ? Omit<E, 'at'> : never;

/** Appends one event to the run's log; the writer stamps the time. */
export type Emit = (event: Unstamped<RunEvent>) => void;
