import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { cniNames, defaultCni, meshNames } from '../../clusters/index.ts';
import { features, noMesh } from '../../clusters/names.ts';
import { logScopes } from '../cluster/logs/scope.ts';
import { allowable } from '../case/touches.ts';
import { type Given, refuseInapplicable } from './inapplicable.ts';
import { selectors } from './selection.ts';
import { plainly, usageError } from './usage-error.ts';
import { enforceTimeouts, Timeouts } from '../base/timeouts.ts';

const cniList = z
  .string()
  .transform((list) => list.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(cniNames)).min(1));

/** Flags of `ordeal run`, as commander hands them over. */
export const RunOptions = z
  .strictObject({
    cni: cniList.default([defaultCni]),
    mesh: z.enum(meshNames).default(noMesh),
    workers: z.coerce.number().int().min(0).max(5).default(2),
    zones: z.coerce.number().int().min(1).max(3).default(1),
    dualStack: z.boolean().default(false),
    images: z.enum(['auto', 'registry', 'source']).default('auto'),
    registry: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]+)?$/i, 'HOST[:PORT][/PREFIX]')
      .optional(),
    kubeconfig: z.string().optional(),
    context: z.string().optional(),
    agentImage: z.string().optional(),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes, at most 40 characters')
      .optional(),
    out: z.string().optional(),
    keep: z.boolean().default(false),
    reuse: z.boolean().default(false),
    ...selectors,
    require: z.array(z.enum(features)).default([]),
    allowDisruption: z.array(z.enum(allowable)).default([]),
    dryRun: z.boolean().default(false),
    yes: z.boolean().default(false),
    during: z.array(z.string()).default([]),
    quiet: z.boolean().default(false),
    verbose: z.boolean().default(false),
    failFast: z.boolean().default(false),
    reporter: z.enum(['spec', 'dot', 'tap', 'list', 'min', 'github-actions']).optional(),
    concurrency: z.coerce.number().int().min(1).max(32).optional(),
    worlds: z.never('is now called --concurrency').optional(),
    timeouts: z.string().optional(),
    collectLogs: z.enum(logScopes).default('system'),
    fix: z.boolean().default(false),
    install: z.boolean().default(true),
  })
  .refine((run) => !run.reuse || (run.name !== undefined && run.kubeconfig === undefined), {
    path: ['reuse'],
    message: '--reuse needs --name of a kept kind cluster, and no --kubeconfig',
  })
  .refine((run) => !(run.quiet && run.verbose), { path: ['quiet'], message: '--quiet contradicts --verbose' })
  .refine((run) => run.registry === undefined || run.images !== 'source', {
    path: ['registry'],
    message: '--registry contradicts --images source',
  });
export type RunOptions = z.infer<typeof RunOptions>;

/**
 * Returns validated flags. @throws OrdealError USAGE naming the flag and the accepted values, before anything is made.
 */
export function parseRunOptions(flags: Given): RunOptions {
  refuseInapplicable(flags);
  const parsed = RunOptions.safeParse(flags);
  if (parsed.success) return parsed.data;
  throw usageError(parsed.error, 'run');
}

/** Puts in force and returns the defaults, or those with a YAML or JSON file laid over. @throws OrdealError USAGE naming file and field. */
export async function loadTimeouts(file: string | undefined): Promise<Timeouts> {
  const timeouts = file === undefined ? Timeouts.parse({}) : await readTimeouts(file);
  enforceTimeouts(timeouts);
  return timeouts;
}

async function readTimeouts(file: string): Promise<Timeouts> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `--timeouts ${file} cannot be read`, { cause });
  });
  const parsed = Timeouts.safeParse(readYaml(text, file));
  if (parsed.success) return parsed.data;
  throw new OrdealError(
    'USAGE',
    `--timeouts ${file}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${plainly(issue)}`.replace(/^: /, '')).join('; ')}`,
    {
      remedy: `Fields: ${Object.keys(Timeouts.shape).join(', ')}; values in ms.`,
    },
  );
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (cause) {
    throw new OrdealError('USAGE', `${file} is not YAML`, { cause });
  }
}
