import type { Command } from 'commander';
import { componentsFor } from '../../clusters/components/index.ts';
import type { HostCheck } from '../doctor/index.ts';
import { ExitCode, OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import type { RunOptions } from './run-options.ts';

const marks = { ok: '✓', warn: '!', missing: '✗' } as const;

/** Adds `ordeal doctor [--fix] [--no-install] [--json]`: what this machine has, lacks, and what to do about it. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what this machine has and lacks; --fix installs and starts it (announced first)')
    .option('--fix', 'install what is missing and start the Docker Engine')
    .option('--no-install', 'with --fix: install no packages')
    .option('--json', 'machine-readable')
    .action(async (flags: { fix?: boolean; install: boolean; json?: boolean }) => {
      const [{ checkHost, fixHost, blockers }, { terminalProgress }] = await Promise.all([
        import('../doctor/index.ts'),
        import('../base/progress-terminal.ts'),
      ]);
      const progress = terminalProgress();
      const checks = flags.fix === true ? await fixHost(progress, { install: flags.install }) : await checkHost();
      progress.close();
      process.stdout.write(flags.json === true ? `${JSON.stringify(checks, undefined, 2)}\n` : table(checks));
      if (blockers(checks, { source: false, wheels: false }).length > 0) process.exitCode = ExitCode.setupFailed;
    });
}

function table(checks: readonly HostCheck[]): string {
  return checks.map((one) => `${marks[one.state]} ${one.title}: ${one.found}${advice(one)}\n`).join('');
}

function advice({ remedy, state }: HostCheck): string {
  return state === 'ok' || remedy === undefined ? '' : `\n    ${remedy}`;
}

/**
 * Makes sure that a run can begin, mending the machine where `--fix` allows it. @throws OrdealError ENVIRONMENT naming
 * each thing that is missing and its remedy, before anything is created.
 */
export async function prepareHost(options: RunOptions, progress: Progress): Promise<void> {
  const { blockers, checkHost, fixHost } = await import('../doctor/index.ts');
  const need = { source: options.images === 'source', wheels: takesWheels(options) };
  await progress.step('check this machine', async () => {
    if (options.fix)
      return fixHost(progress, { install: options.install, need: { ...need, source: options.images !== 'registry' } });
    const missing = blockers(await checkHost(), need);
    if (missing.length === 0) return missing;
    const said = missing.map((one) => `${one.title}: ${one.found}. ${one.remedy ?? ''}`).join(' ');
    throw new OrdealError('ENVIRONMENT', `this machine cannot run Ordeal yet: ${said}`, {
      remedy: '`ordeal doctor --fix` mends what it can, and says what it will change first.',
    });
  });
}

/** Whether an image of what was chosen takes a file of a Python wheel. */
function takesWheels({ cni, mesh }: Pick<RunOptions, 'cni' | 'mesh'>): boolean {
  const components = cni.flatMap((name) => componentsFor({ cni: name, mesh }));
  const files = components.flatMap(({ images }) => Object.values(images ?? {}).flatMap((image) => image.files));
  return files.some(({ source }) => source.from === 'wheel');
}
