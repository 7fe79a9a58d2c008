import { z } from 'zod';
import { LeftOut } from '../harness/events/types.ts';

const reason = z.strictObject({ case: z.string(), reason: z.string() });
const reasonGroup = z.strictObject({ reason: z.string(), cases: z.array(z.string()) });

const Statistics = z.strictObject({
  passed: z.int(),
  failed: z.int(),
  inconclusive: z.int(),
  unsupported: z.int(),
  skipped: z.int(),
});

/** `partial`: nothing unknown failed, but something was not judged or failed as the baseline expects. */
const Level = z.strictObject({
  result: z.enum(['success', 'partial', 'failure']),
  statistics: Statistics,
  failedCases: z.array(z.string()).optional(),
  inconclusiveCases: z.array(z.string()).optional(),
  unsupportedCases: z.array(reasonGroup).optional(),
  skippedCases: z.array(reasonGroup).optional(),
});

const Profile = z.strictObject({ name: z.string(), core: Level.optional(), extended: Level.optional() });

/** A table under a fault (`--during`); `held`: nobody noticed, `degraded`: lost what the fault explains, and recovered. */
const UnderFault = z.strictObject({
  fault: z.string(),
  area: z.string(),
  verdict: z.string(),
  downtimeMs: z.number().optional(),
  recoveryMs: z.number().optional(),
  reason: z.string().optional(),
});

/**
 * The document a run publishes, modelled after the Gateway API's conformance report. `mode` is `complete` when all
 * cases were planned, `default` when some were left out as `leftOut` says, `selection` when the command line chose.
 */
export const ConformanceReport = z.strictObject({
  apiVersion: z.literal('ordeal.dev/v1'),
  kind: z.literal('ConformanceReport'),
  date: z.iso.datetime(),
  mode: z.enum(['complete', 'default', 'selection']),
  leftOut: z.array(LeftOut).optional(),
  verdict: z.string(),
  exitCode: z.int(),
  run: z.string(),
  ordeal: z.string(),
  subject: z
    .strictObject({
      cni: z.string(),
      version: z.string(),
      kubernetes: z.string(),
      kernel: z.string(),
      mesh: z.string(),
      meshVersion: z.string().optional(),
      provider: z.string(),
      nodes: z.int(),
      imageSource: z.string(),
    })
    .optional(),
  setupError: z.string().optional(),
  profiles: z.array(Profile),
  underFault: z.array(UnderFault).optional(),
  supportedFeatures: z.array(z.string()),
  undeterminedFeatures: z.array(z.strictObject({ feature: z.string(), declared: z.string(), evidence: z.string() })),
  requiredFeatures: z.array(z.string()),
  unsupportedFeatures: z.array(z.strictObject({ feature: z.string(), declared: z.string(), evidence: z.string() })),
  knownFailures: z.array(reason),
  unexpectedPasses: z.array(reason),
  images: z.record(z.string(), z.string()),
  reproduce: z.array(z.string()),
});
export type ConformanceReport = z.infer<typeof ConformanceReport>;
export type Level = z.infer<typeof Level>;
