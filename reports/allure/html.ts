import { execa } from 'execa';
import { createRequire } from 'node:module';

/** What became of the HTML report: the folder, or why there is none and what to do. */
export type AllureHtml = { readonly folder: string } | { readonly missing: string };

/** Allure 2 reports its use to an analytics server unless told not to. */
const offline = { ALLURE_NO_ANALYTICS: '1' };

const noJava =
  'no allure-report: Allure needs Java 8 or newer and `java` did not answer. Install one (Debian: apt-get install ' +
  'default-jre-headless), then `ordeal report RUN --format allure-html`; report.html needs none.';

/** Renders Allure's HTML with the allure-commandline package. Never throws: a report that cannot be made is told. */
export async function generateAllureHtml(results: string, folder: string, javaCommand = 'java'): Promise<AllureHtml> {
  const java = await execa(javaCommand, ['-version'], { reject: false });
  if (java.exitCode !== 0) return { missing: noJava };
  const bin = createRequire(import.meta.url).resolve('allure-commandline/bin/allure');
  const made = await execa(process.execPath, [bin, 'generate', results, '-o', folder, '--clean'], {
    reject: false,
    all: true,
    env: offline,
  });
  if (made.exitCode === 0) return { folder };
  return { missing: `no allure-report: allure generate failed: ${made.all.trim().split('\n').slice(-3).join(' ')}` };
}
