import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { cniNames } from '../../clusters/index.ts';
import { OrdealError } from '../base/errors.ts';
import { RunOptions } from './run-options.ts';
import { plainly } from './usage-error.ts';

/** What is taken from the working folder where nobody names another. */
export const configFileName = 'ordeal.config.yaml';

/** `ordeal.config.yaml`: the flags of `ordeal run` by their names in camel case, lists as lists. */
export const ConfigFile = z
  .strictObject({ ...RunOptions.shape, cni: z.array(z.enum(cniNames)).min(1), shard: z.string() })
  .omit({ worlds: true })
  .partial();
export type ConfigFile = z.infer<typeof ConfigFile>;

/** Returns the JSON schema of the file, for editors. */
export function configFileSchema(): object {
  const schema = z.toJSONSchema(ConfigFile, { io: 'input' });
  return {
    ...schema,
    title: 'ordeal.config.yaml',
    description: 'Defaults of `ordeal run`; flags and ORDEAL_* go before.',
  };
}

/**
 * Returns what a config file says, in the words of flags; undefined where there is none and none was named. @throws
 * OrdealError USAGE naming file and field.
 */
export async function readConfigFile(named: string | undefined): Promise<Record<string, unknown> | undefined> {
  const file = named ?? configFileName;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (named === undefined && isAbsent(cause)) return undefined;
    throw new OrdealError('USAGE', `the config file ${file} cannot be read`, { cause });
  });
  return text === undefined ? undefined : checked(valueOf(text, file), (field) => `${file}: ${field}`);
}

function valueOf(text: string, file: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (cause) {
    throw new OrdealError('USAGE', `the config file ${file} is not YAML`, { cause });
  }
}

/**
 * Returns settings as they were given, each known to be of use. @throws OrdealError USAGE calling each by the name that
 * `nameOf` makes of it.
 */
export function checked(settings: unknown, nameOf: (field: string) => string): Record<string, unknown> {
  const parsed = ConfigFile.safeParse(settings);
  if (parsed.success) return settings as Record<string, unknown>;
  const said = parsed.error.issues.map((issue) => {
    const field = issue.path.map(String).join('.');
    return `${nameOf(field)}${field === '' ? '' : ': '}${plainly(issue)}`;
  });
  throw new OrdealError('USAGE', `unusable settings: ${said.join('; ')}`, {
    remedy: `Fields: ${Object.keys(ConfigFile.shape).join(', ')}.`,
  });
}

const isAbsent = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';
