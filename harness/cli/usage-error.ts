import type { z } from 'zod';
import { OrdealError } from '../base/errors.ts';

/** Returns the error of flags that do not fit: each by its name, with what is accepted, in words of the command line. */
export function usageError(error: z.ZodError, command: string): OrdealError {
  const said = error.issues.map((issue) => `${flagOf(issue.path)}${plainly(issue)}`).join('; ');
  return new OrdealError('USAGE', `unusable flags: ${said}`, {
    remedy: `\`ordeal ${command} --help\` lists flags and values.`,
  });
}

/** Returns `--collect-logs` of `collectLogs`. */
export function flagName(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function flagOf(path: readonly PropertyKey[]): string {
  return path[0] === undefined ? '' : `${flagName(String(path[0]))}: `;
}

/** Returns what is wrong of a value as a person says it; a message that a schema brings itself is one already. */
export function plainly(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')} is expected`;
    case 'too_big':
      return issue.origin === 'array'
        ? `at most ${issue.maximum} are expected`
        : `at most ${issue.maximum} is expected`;
    case 'too_small':
      return issue.origin === 'array'
        ? 'a value is expected'
        : `at least ${Number(issue.minimum) + (issue.inclusive === false ? 1 : 0)} is expected`;
    case 'invalid_type':
      if (issue.expected === 'never') return issue.message;
      return `${kinds[issue.expected] ?? issue.expected} is expected`;
    case 'unrecognized_keys':
      return `there is no ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string | undefined>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
};
