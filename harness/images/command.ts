import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';

/** How many of a failed command's last lines a person is shown. */
const tailLines = 15;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What a failure names in place of the whole command line, where that is scaffolding around a script. */
  readonly shown?: string;
  /** Gets each line as it appears, for the live line of a step. */
  readonly onLine?: (line: string) => void;
}

/** Runs commands on behalf of one component. A seam: tests give a fake. */
export type Run = (
  component: string,
  argv: readonly [string, ...string[]],
  options?: CommandOptions,
) => Promise<string>;

/** Returns the command's stdout. @throws OrdealError IMAGE_BUILD with the component, the command and its last lines. */
export const runCommand: Run = async (component, argv, options = {}) => {
  const [file, ...args] = argv;
  const child = execa(file, args, {
    cwd: options.cwd,
    env: { ...options.env },
    input: options.stdin,
    stdin: options.stdin === undefined ? 'ignore' : undefined,
    all: true,
    reject: false,
    maxBuffer: 64 * 1024 * 1024,
    cleanup: true,
  });
  watch(child.all, options.onLine);
  const result = await child;
  if (!result.failed) return result.stdout;
  throw new OrdealError(
    'IMAGE_BUILD',
    failure(
      component,
      `\`${(options.shown ?? argv.join(' ')).slice(0, 400)}\` ended with ${ending(result.exitCode, result.signal)}`,
      lastWords(result.all, result.shortMessage ?? 'it could not be started'),
    ),
    {
      remedy: 'what was built so far is kept: correct the cause and run the same command again',
      // Not the result itself: its message holds the whole output, of which the last lines are told above.
      cause: result.cause,
    },
  );
};

/** A program that could not even start has no output of its own. */
function lastWords(output: string | undefined, fallback: string): string {
  return output === undefined || output.trim() === '' ? fallback : output;
}

function ending(exitCode: number | undefined, signal: string | undefined): string {
  return exitCode === undefined ? (signal ?? 'no exit code') : `exit code ${exitCode}`;
}

function failure(component: string, what: string, output: string): string {
  const tail = output.trimEnd().split('\n').slice(-tailLines).join('\n  ');
  return `${component} failed: ${what}\n  ${tail}`;
}

function watch(stream: NodeJS.ReadableStream, onLine: ((line: string) => void) | undefined): void {
  if (onLine === undefined) return;
  stream.on('data', (chunk: Buffer) => {
    const line = chunk.toString().trimEnd().split('\n').at(-1);
    if (line !== undefined && line !== '') onLine(line.slice(0, 120));
  });
}
