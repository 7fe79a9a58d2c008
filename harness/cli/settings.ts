import type { Command, Option } from 'commander';
import { OrdealError } from '../base/errors.ts';
import { checked, ConfigFile, readConfigFile } from './config-file.ts';
import { type Given, inapplicable } from './inapplicable.ts';

/** Variables that are read elsewhere. */
const others = ['ORDEAL_CONFIG', 'ORDEAL_NODE', 'ORDEAL_DEBUG', 'ORDEAL_DEBIAN_MIRROR'];
type Environment = Readonly<Record<string, string | undefined>>;

/** Adds `--config`. */
export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'defaults of flags, instead of ordeal.config.yaml of the working folder');
}

/**
 * Returns the flags of a command with what stands under them: flags go before ORDEAL_* variables, these before
 * ordeal.config.yaml. A setting that does not apply beside the flags is let be; a flag never is. `say` gets a line on
 * what was taken from where. @throws OrdealError USAGE naming variable or field.
 */
export async function withSettings(
  command: Command,
  say: (line: string) => void,
  env: Environment = process.env,
): Promise<Given> {
  const { config, ...flags } = command.opts<Record<string, unknown>>();
  const named = typeof config === 'string' ? config : env['ORDEAL_CONFIG'];
  const options = command.options.filter((option) => option.attributeName() !== 'config');
  const file = onlyOf(options, await readConfigFile(named === '' ? undefined : named));
  const variables = fromEnvironment(options, env);
  const settings = under(givenFlags(command, flags), { ...file, ...variables });
  const all = { ...flags, ...settings };
  if (all['quiet'] !== true) for (const line of toldOf(settings, variables, unknownVariables(env))) say(line);
  return all;
}

/** Returns the variable of a flag: `ORDEAL_COLLECT_LOGS` of `collectLogs`. */
export function variableOf(field: string): string {
  return `ORDEAL_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `ordeal list` knows some of the flags of `ordeal run`, which the file is for. */
function onlyOf(options: readonly Option[], file: Record<string, unknown> = {}): Record<string, unknown> {
  const known = new Set(options.map((option) => option.attributeName()));
  const told = Object.entries(file).filter(([field]) => known.has(field));
  // The command line takes CNIs in one text.
  return Object.fromEntries(told.map(([field, value]) => [field, field === 'cni' ? String(value) : value]));
}

function fromEnvironment(options: readonly Option[], env: Environment): Record<string, unknown> {
  const found = options.flatMap((option) => {
    const field = option.attributeName();
    const text = env[variableOf(field)] ?? '';
    return text === '' ? [] : [[field, valueOf(option, text)] as const];
  });
  const lists = found.map(([field, value]) => [field, field === 'cni' ? String(value).split(',') : value] as const);
  checked(Object.fromEntries(lists), variableOf);
  return Object.fromEntries(found);
}

function valueOf(option: Option, text: string): unknown {
  if (Array.isArray(option.defaultValue)) return text.split(',').map((part) => part.trim());
  if (!option.isBoolean() && !option.negate) return option.optional && text === 'true' ? true : text;
  if (['true', '1'].includes(text)) return true;
  if (['false', '0'].includes(text)) return false;
  throw new OrdealError('USAGE', `unusable settings: ${variableOf(option.attributeName())}: true or false is expected`);
}

function givenFlags(command: Command, flags: Given): Given {
  return Object.fromEntries(Object.entries(flags).filter(([field]) => command.getOptionValueSource(field) === 'cli'));
}

/** Of settings, those that no flag says otherwise, and that apply. */
function under(flags: Given, settings: Record<string, unknown>): Record<string, unknown> {
  const silenced = 'verbose' in flags ? ['quiet'] : 'quiet' in flags ? ['verbose'] : [];
  const said = Object.entries(settings).filter(([field]) => !(field in flags) && !silenced.includes(field));
  const idle = new Set(inapplicable({ ...settings, ...flags }).map(({ field }) => field));
  return Object.fromEntries(said.filter(([field]) => !idle.has(field)));
}

function toldOf(settings: object, variables: object, unknown: readonly string[]): string[] {
  const [byVariable, byFile] = [true, false].map((wanted) =>
    Object.keys(settings).filter((field) => field in variables === wanted),
  );
  const sources = [
    ...(byVariable ?? []).map(variableOf),
    ...(byFile?.length ? [`${byFile.join(', ')} of the config file`] : []),
  ];
  return [
    ...(sources.length === 0 ? [] : [`settings: ${sources.join(', ')}`]),
    ...unknown.map((name) => `${name} is no setting: it changes nothing`),
  ];
}

function unknownVariables(env: Environment): string[] {
  const known = new Set([...others, ...Object.keys(ConfigFile.shape).map(variableOf)]);
  return Object.keys(env).filter((name) => name.startsWith('ORDEAL_') && !known.has(name));
}
