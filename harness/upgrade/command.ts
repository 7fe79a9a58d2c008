import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly signal?: string;
}

export interface CommandEars {
  line(stream: 'stdout' | 'stderr', line: string): void;
  /** The command printed `ordeal: step NAME`. */
  step(name: string): void;
}

const stepLine = /^ordeal: step (.+)$/;

/**
 * Runs the user's command with nothing on its standard input, and tells each line as it comes. Aborted, it is asked to
 * end (SIGTERM). @throws OrdealError USAGE where it cannot be started.
 */
export async function runCommand(
  argv: readonly string[],
  ears: CommandEars,
  { signal, graceMs }: { signal: AbortSignal; graceMs: number },
): Promise<CommandResult> {
  const [file = '', ...args] = argv;
  const child = execa(file, args, {
    ...{ stdin: 'ignore', reject: false, buffer: false, cancelSignal: signal },
    forceKillAfterDelay: graceMs,
  });
  const listen = async (stream: 'stdout' | 'stderr'): Promise<void> => {
    for await (const line of createInterface({ input: child[stream] })) {
      const name = stepLine.exec(line)?.[1];
      if (name === undefined) ears.line(stream, line);
      else ears.step(name.trim());
    }
  };
  const [result] = await Promise.all([child, listen('stdout'), listen('stderr')]);
  if (result.exitCode === undefined && result.signal === undefined && !signal.aborted)
    throw new OrdealError('USAGE', `the command cannot be started: ${result.shortMessage ?? file}`, {
      remedy: 'Write it after `--` as a shell would find it: ordeal upgrade --kubeconfig F -- helm upgrade ...',
      cause: result.cause,
    });
  const bySignal = result.signal === undefined ? {} : { signal: result.signal };
  return { exitCode: result.exitCode ?? 128, ...bySignal };
}
