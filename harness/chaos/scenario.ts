import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { drivers } from '../fault/drivers/index.ts';

const Duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'write 500ms, 60s, 2m')
  .describe('500ms, 60s, 2m; at most 1h');
const Name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/, 'lower-case letters, digits and dashes');
const faultNames = drivers.map(({ name }) => name);

const Pick = z
  .union([
    z.enum(['all', 'one']),
    z.strictObject({ count: z.int().min(1) }),
    z.strictObject({ percent: z.number().positive().max(100) }),
  ])
  .describe('how many of the pods that the target names, drawn by the seed');

const Fault = z
  .strictObject({
    name: Name.optional().describe('in reports; the name of the fault where absent'),
    fault: z.enum(faultNames).describe('as `ordeal chaos list` names it'),
    target: z
      .string()
      .optional()
      .describe('NAMESPACE/POD, NAMESPACE:LABEL=VALUE, a node, or NAMESPACE/NAME of a workload'),
    pick: Pick.default('all'),
    peers: z
      .string()
      .optional()
      .describe('NAMESPACE:LABEL=VALUE of the pods at the other end; their addresses become `peers`'),
    for: Duration,
    at: Duration.optional().describe(
      'from the first fault on; else at once, or in a sequence once the one before is gone',
    ),
    set: z.record(z.string(), z.unknown()).default({}).describe('settings, as `ordeal chaos describe` names them'),
    pulse: z.strictObject({ on: Duration, off: Duration }).optional().describe('injected and reverted in turns'),
    ramp: z
      .strictObject({ setting: z.string(), from: z.number(), to: z.number(), steps: z.int().min(2).max(20) })
      .optional()
      .describe('a setting that grows in steps'),
  })
  .refine(({ pulse, ramp }) => pulse === undefined || ramp === undefined, {
    path: ['pulse'],
    message: 'goes with no ramp',
  });
export type ScenarioFault = z.infer<typeof Fault>;

const watch = z.string().describe('a name under `watch`');
const Percent = z.number().min(0).max(100);
const stretch = z.enum(['before', 'during', 'after', 'all']).default('during');
const Hypothesis = z.discriminatedUnion('expect', [
  z.strictObject({ expect: z.literal('availability'), watch, atLeast: Percent.describe('percent answered'), stretch }),
  z.strictObject({ expect: z.literal('p99'), watch, atMost: Duration, stretch }),
  z.strictObject({ expect: z.literal('downtime'), watch, atMost: Duration.describe('of the longest window') }),
  z.strictObject({ expect: z.literal('recovery'), watch, atMost: Duration.describe('after the last fault is gone') }),
  z.strictObject({
    expect: z.literal('unchanged'),
    watch: z.union([watch, z.array(watch).min(1)]).describe('whose every answer, and silence, is as before the faults'),
  }),
]);
export type Hypothesis = z.infer<typeof Hypothesis>;

/** A scenario file: traffic, faults, and what is claimed of the traffic. Published as docs/scenario.schema.json. */
export const Scenario = z.strictObject({
  apiVersion: z.literal('ordeal.dev/v1'),
  kind: z.literal('Scenario'),
  name: Name,
  description: z.string().optional(),
  seed: z.int().min(0).default(1).describe('decides which pods are picked'),
  watch: z
    .record(Name, z.string())
    .default({})
    .describe('traffic by name: tcp://, udp://, http://HOST[:PORT] or dns://NAME'),
  steadyState: z
    .strictObject({ for: Duration.default('10s'), hypotheses: z.array(Hypothesis).default([]) })
    .default({ for: '10s', hypotheses: [] })
    .describe('before the faults; what does not hold then says nothing under them, and nothing is injected'),
  order: z.enum(['sequence', 'parallel']).default('sequence'),
  faults: z.array(Fault).min(1),
  cooldown: Duration.default('10s').describe('traffic goes on for this long once the last fault is gone'),
  hypotheses: z.array(Hypothesis).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

/** Returns a scenario file, checked. @throws OrdealError USAGE naming file and field. */
export async function readScenario(file: string): Promise<Scenario> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `${file} cannot be read`, { cause });
  });
  return parseScenario(text, file);
}

/** The same of its text. @throws OrdealError USAGE naming `file` and field. */
export function parseScenario(text: string, file: string): Scenario {
  const parsed = Scenario.safeParse(readYaml(text, file));
  if (!parsed.success) {
    const said = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
    throw new OrdealError('USAGE', `${file}: ${said}`, { remedy: 'docs/scenario.schema.json says what there is.' });
  }
  const claims = [...parsed.data.hypotheses, ...parsed.data.steadyState.hypotheses];
  const unknown = claims.flatMap((one) => one.watch).find((name) => !(name in parsed.data.watch));
  if (unknown === undefined) return parsed.data;
  throw new OrdealError('USAGE', `${file}: hypotheses: no watch is called ${unknown}`);
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new OrdealError('USAGE', `${file} is not YAML`, { cause });
  }
}
