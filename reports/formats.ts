import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../harness/base/make-folder.ts';
import type { RunRecord } from '../harness/events/record.ts';
import { writeAllureResults } from './allure/write.ts';
import { generateAllureHtml } from './allure/html.ts';
import { conformanceYaml } from './conformance.ts';
import { runPage } from './html/run-page.ts';
import { junitXml } from './junit.ts';

const formats = ['junit', 'conformance', 'html', 'allure', 'allure-html'] as const;
export type Format = (typeof formats)[number];

/** What came of one format: the file or folder that was written, or why it was not. */
export type Rendered =
  { readonly format: Format; readonly path: string } | { readonly format: Format; readonly missing: string };

/** Writes the chosen formats of one run into `folder`, one after the other. The Allure HTML needs the results. */
export async function render(run: RunRecord, folder: string, wanted: readonly Format[] = formats): Promise<Rendered[]> {
  makeFolder(folder);
  const rendered: Rendered[] = [];
  for (const format of formats.filter((one) => wanted.includes(one))) {
    rendered.push(await writers[format](run, folder));
  }
  return rendered;
}

type Writer = (run: RunRecord, folder: string) => Promise<Rendered>;

const writers: Readonly<Record<Format, Writer>> = {
  junit: textFile('junit', 'junit.xml', junitXml),
  conformance: textFile('conformance', 'conformance.yaml', conformanceYaml),
  html: textFile('html', 'report.html', runPage),
  allure: (run, folder) => Promise.resolve({ format: 'allure', path: allureResults(run, folder) }),
  'allure-html': async (run, folder) => {
    const made = await generateAllureHtml(allureResults(run, folder), join(folder, 'allure-report'));
    return 'folder' in made ? { format: 'allure-html', path: made.folder } : { format: 'allure-html', ...made };
  },
};

function textFile(format: Format, name: string, renderer: (run: RunRecord) => string): Writer {
  return async (run, folder) => {
    const path = join(folder, name);
    await writeFile(path, renderer(run));
    return { format, path };
  };
}

function allureResults(run: RunRecord, folder: string): string {
  const path = join(folder, 'allure-results');
  writeAllureResults(run, path);
  return path;
}
