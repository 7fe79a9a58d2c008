import { execa } from 'execa';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What became of the HTML report: the folder, or why there is none and what to do. */
export type AllureHtml = { readonly folder: string } | { readonly missing: string };

/** Resolves a package's entry as Node would from here. */
export type Resolve = (specifier: string) => string;

const resolveHere: Resolve = (specifier) => createRequire(import.meta.url).resolve(specifier);

/**
 * Renders Allure's HTML: with the allure-commandline package (Allure 2) where Java answers, else with the `allure`
 * package (Allure 3), which needs none; both are optional. Never throws: a report that cannot be made is told.
 */
export async function generateAllureHtml(
  results: string,
  folder: string,
  { javaCommand = 'java', resolve = resolveHere }: { javaCommand?: string; resolve?: Resolve } = {},
): Promise<AllureHtml> {
  const java = await execa(javaCommand, ['-version'], { reject: false });
  const program = (java.exitCode === 0 ? allure2(resolve) : undefined) ?? allure3(resolve);
  if (program === undefined)
    return {
      missing: `no allure-report: the npm package allure is not installed; beside Ordeal, \`npm install allure\``,
    };
  const clean = program.cleans ? ['--clean'] : [];
  const argv = [program.file, 'generate', results, '-o', folder, ...clean];
  // Allure 2 reports its use to an analytics server unless told not to.
  const env = { ALLURE_NO_ANALYTICS: '1' };
  const made = await execa(process.execPath, argv, { reject: false, all: true, env, cwd: dirname(folder) });
  if (made.exitCode === 0) return { folder };
  return { missing: `no allure-report: allure generate failed: ${made.all.trim().split('\n').slice(-3).join(' ')}` };
}

interface AllureProgram {
  readonly file: string;
  readonly cleans: boolean;
}

function allure2(resolve: Resolve): AllureProgram | undefined {
  return tried(() => ({ file: resolve('allure-commandline/bin/allure'), cleans: true }));
}

/** Its exports name the library only; the command lies beside it. */
function allure3(resolve: Resolve): AllureProgram | undefined {
  return tried(() => ({ file: join(dirname(resolve('allure')), '..', 'cli.js'), cleans: false }));
}

/** A package that is not installed cannot be resolved. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
