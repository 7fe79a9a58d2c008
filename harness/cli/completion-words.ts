import type { Command, Option } from 'commander';
import { z } from 'zod';
import { configFileSchema } from './config-file.ts';

/** A flag as a shell offers it. */
export interface FlagWords {
  readonly long: string;
  readonly about: string;
  /** What it accepts, where that is a closed list. */
  readonly values: readonly string[];
  readonly takes: 'nothing' | 'value' | 'file';
}

/** One command, by the words that lead to it: `['images', 'build']`, none for the program itself. */
export interface CommandWords {
  readonly path: readonly string[];
  readonly about: string;
  readonly subcommands: readonly string[];
  readonly flags: readonly FlagWords[];
}

/** Returns every command of a program with what may follow it, outer ones first. */
export function wordsOf(command: Command, path: readonly string[] = []): CommandWords[] {
  const own = {
    path,
    about: command.description(),
    subcommands: command.commands.map((one) => one.name()),
    flags: command.options.filter(({ hidden }) => !hidden).flatMap(flagWords),
  };
  return [own, ...command.commands.flatMap((one) => wordsOf(one, [...path, one.name()]))];
}

function flagWords(option: Option): FlagWords[] {
  if (option.long === undefined) return [];
  const takesOne = option.required || option.optional;
  const takes = !takesOne ? 'nothing' : /<(file|folder)>|\[run\]/.test(option.flags) ? 'file' : 'value';
  return [{ long: option.long, about: option.description, values: valuesOf(option), takes }];
}

const Enumerated = z.looseObject({
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ enum: z.array(z.string()).optional() }).optional(),
});
const accepted = z.object({ properties: z.record(z.string(), Enumerated) }).parse(configFileSchema()).properties;

/** What the flag of that name accepts; a flag means the same with every command. */
function valuesOf(option: Option): readonly string[] {
  if (option.argChoices !== undefined) return option.argChoices;
  const schema = option.isBoolean() ? undefined : accepted[option.attributeName()];
  return schema?.enum ?? schema?.items?.enum ?? [];
}
