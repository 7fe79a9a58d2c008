import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import { exitCodeFor, worstExitCode } from '../events/exit-code.ts';
import { loadRun } from '../events/reader.ts';
import { collect } from './flags.ts';
import { runPath } from './run-path.ts';

const names = ['terminal', 'junit', 'conformance', 'html', 'allure', 'allure-html'] as const;
const Flags = z.object({
  format: z.array(z.enum(names)),
  out: z.string().optional(),
  exitCode: z.boolean().default(false),
});
type Flags = z.infer<typeof Flags>;

/** Data goes to stdout, narration to stderr. */
interface Output {
  data(text: string): void;
  tell(text: string): void;
}
const standard: Output = {
  data: (text) => void process.stdout.write(text),
  tell: (text) => void process.stderr.write(text),
};

/** Adds `ordeal report RUN...`: renders logs without a cluster; several runs are set side by side. */
export function registerReport(program: Command, output: Output = standard): void {
  program
    .command('report')
    .description('render finished runs again, or set several side by side; needs no cluster')
    .argument('<runs...>', 'run folder, its run.ndjson, or a run id under ordeal-results/')
    .option('--format <names>', `${names.join(', ')}; all when absent; may repeat`, collect, [])
    .option('--out <folder>', 'where to write (default: into the run folder; a comparison is only written with --out)')
    .option('--exit-code', "end with the run's own exit code", false)
    .action((runs: string[], flags: unknown) => report(runs.map(runPath), parseFlags(flags), output));
}

async function report(paths: readonly string[], flags: Flags, output: Output): Promise<void> {
  const [only, ...more] = paths;
  if (only === undefined) return;
  if (more.length > 0) await compare(paths, flags, output);
  else await renderOne(only, flags, output);
}

/** Imported late: help and other commands must not pay for the renderers. */
async function renderOne(path: string, flags: Flags, output: Output): Promise<void> {
  const [{ renderAll }, { terminalSummary }, { paintFor }] = await Promise.all([
    import('../../reports/render-all.ts'),
    import('../../reports/terminal.ts'),
    import('../../reports/paint.ts'),
  ]);
  const files = flags.format.length === 0 ? undefined : flags.format.filter((name) => name !== 'terminal');
  const { run, rendered } = await renderAll(path, { out: flags.out, formats: files });
  for (const one of rendered) output.tell('path' in one ? `wrote ${one.path}\n` : `${one.missing}\n`);
  const folder = flags.out ?? path.replace(/\/?run\.ndjson$/, '');
  if (wants(flags)) output.data(terminalSummary(run, { paint: paintFor(process.stdout), folder }));
  if (flags.exitCode) process.exitCode = exitCodeFor(run);
}

async function compare(paths: readonly string[], flags: Flags, output: Output): Promise<void> {
  checkComparison(flags);
  const [{ matrixText }, { matrixPage }] = await Promise.all([
    import('../../reports/comparison.ts'),
    import('../../reports/html/comparison-page.ts'),
  ]);
  const runs = await Promise.all(paths.map((path) => loadRun(path)));
  if (wants(flags)) output.data(matrixText(runs));
  if (flags.exitCode) process.exitCode = worstExitCode(runs.map((run) => exitCodeFor(run)));
  if (flags.out === undefined) return;
  makeFolder(flags.out);
  await writeFile(join(flags.out, 'comparison.html'), matrixPage(runs));
  output.tell(`wrote ${join(flags.out, 'comparison.html')}\n`);
}

/** Nothing may be asked for and quietly not be written. */
function checkComparison({ format, out }: Flags): void {
  const alien = format.filter((name) => name !== 'terminal' && name !== 'html');
  if (alien.length === 0 && (out !== undefined || !format.includes('html'))) return;
  const why = alien.length > 0 ? `there is no ${alien.join(', ')} of several runs` : 'the HTML needs a folder';
  throw new OrdealError('USAGE', `comparing runs failed: ${why}`, {
    remedy: 'Several runs can be set side by side as terminal text, and as HTML with --out FOLDER.',
  });
}

function wants(flags: Flags): boolean {
  return flags.format.length === 0 || flags.format.includes('terminal');
}

function parseFlags(flags: unknown): Flags {
  const parsed = Flags.safeParse(flags);
  if (parsed.success) return parsed.data;
  throw new OrdealError('USAGE', 'unusable flags: --format names a format that does not exist', {
    remedy: `Formats: ${names.join(', ')}.`,
  });
}
