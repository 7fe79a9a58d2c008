import { z } from 'zod';
import { caseEvents } from './case-events.ts';
import { stamped } from './stamped.ts';
import { upgradeEvents } from './upgrade-events.ts';

export { BaselineNote, Outcome } from './outcome.ts';

/** Bumped when a reader of an older version would misread a newer log. */
export const logVersion = 3;

/** What wrote the log. */
export const Command = z.enum(['run', 'fuzz', 'matrix', 'benchmark', 'chaos', 'compare', 'upgrade', 'watch']);
export type Command = z.infer<typeof Command>;

/** Cases that a run did not plan, and why; `ids` is absent in logs of version 1. */
export const LeftOut = z.strictObject({ cases: z.int(), why: z.string(), ids: z.array(z.string()).optional() });
export type LeftOut = z.infer<typeof LeftOut>;

/** What the command line chose among the cases. */
export const Selection = z.strictObject({
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  all: z.boolean(),
});
export type Selection = z.infer<typeof Selection>;

/**
 * `leaked`: it could not be taken away. `not-reverted`: it was taken away, yet its effect is still measured. Both leave
 * whatever was measured after them in doubt.
 */
export const FaultPhase = z.enum([
  'armed',
  'injected',
  'observed',
  'ineffective',
  'reverted',
  'deadline-reverted',
  'not-reverted',
  'leaked',
]);
export type FaultPhase = z.infer<typeof FaultPhase>;

export const RunEvent = z.discriminatedUnion('type', [
  stamped('run.started', {
    logVersion: z.literal(logVersion),
    runId: z.string(),
    ordeal: z.string(),
    command: Command,
    /** Absent where the command has no cases to choose from. */
    selection: Selection.optional(),
    /** The command line, without what looks like a secret. */
    argv: z.array(z.string()),
    imageSource: z.string(),
    leftOut: z.array(LeftOut).optional(),
  }),
  /** May repeat: another `id` is another cluster, the same one again is the cluster as it is from then on. */
  stamped('cluster', {
    id: z.string(),
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
  /** A named stretch of the run, such as `warm_up`, or before and during a change. */
  stamped('phase', { phase: z.string(), title: z.string(), edge: z.enum(['began', 'ended']) }),
  ...caseEvents,
  ...upgradeEvents,
  stamped('fault', {
    faultId: z.string(),
    driver: z.string(),
    /** Absent for a fault that no case asked for. */
    caseId: z.string().optional(),
    variant: z.string().optional(),
    phase: FaultPhase,
    detail: z.string(),
  }),
  stamped('note', { level: z.enum(['info', 'warning', 'error']), message: z.string() }),
  stamped('run.finished', { exitCode: z.int(), ms: z.number(), error: z.string().optional() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
type Unstamped<E> = E extends RunEvent ? Omit<E, 'at'> : never;

/** Appends one event to the run's log; the writer stamps the time. */
export type Emit = (event: Unstamped<RunEvent>) => void;
