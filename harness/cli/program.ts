import { Command, CommanderError } from 'commander';
import { exitCodeOf, ExitCode } from '../base/errors.ts';
import { packageRoot } from '../base/paths.ts';
import { ordealVersion } from '../base/version.ts';
import { registerAll } from './commands.ts';
import { explainFailure } from './explain-failure.ts';
import { OutputClosedError } from './output.ts';

/** Runs the command line of this process and leaves its exit code; nothing is thrown. */
export async function runCommandLine(): Promise<void> {
  const program = new Command('ordeal')
    .version(ordealVersion(packageRoot))
    .description('Chaos and conformance test harness for Kubernetes networking')
    .showHelpAfterError('(run with --help for the accepted flags and values)')
    .exitOverride();
  registerAll(program);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = end(error);
  }
}

function end(error: unknown): number {
  if (error instanceof OutputClosedError) return OutputClosedError.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.conforms : ExitCode.usage;
  process.stderr.write(`${explainFailure(error)}\n`);
  return exitCodeOf(error);
}
