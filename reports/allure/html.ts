import { execa } from 'execa';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What became of the HTML report: the folder, or why there is none and what to do. */
export type AllureHtml = { readonly folder: string } | { readonly missing: string };

/**
 * Renders Allure's HTML: with the allure-commandline package (Allure 2) where Java answers, else with the `allure`
 * package (Allure 3), which needs none. Never throws: a report that cannot be made is told.
 */
export async function generateAllureHtml(results: string, folder: string, javaCommand = 'java'): Promise<AllureHtml> {
  const java = await execa(javaCommand, ['-version'], { reject: false });
  const argv = java.exitCode === 0 ? allure2(results, folder) : allure3(results, folder);
  // Allure 2 reports its use to an analytics server unless told not to.
  const env = { ALLURE_NO_ANALYTICS: '1' };
  const made = await execa(process.execPath, argv, { reject: false, all: true, env, cwd: dirname(folder) });
  if (made.exitCode === 0) return { folder };
  return { missing: `no allure-report: allure generate failed: ${made.all.trim().split('\n').slice(-3).join(' ')}` };
}

function allure2(results: string, folder: string): string[] {
  const bin = createRequire(import.meta.url).resolve('allure-commandline/bin/allure');
  return [bin, 'generate', results, '-o', folder, '--clean'];
}

/** Its exports name the library only; the command lies beside it. */
function allure3(results: string, folder: string): string[] {
  const library = fileURLToPath(import.meta.resolve('allure'));
  return [join(dirname(library), '..', 'cli.js'), 'generate', results, '-o', folder];
}
