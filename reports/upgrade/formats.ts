import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../harness/base/make-folder.ts';
import type { RunRecord } from '../../harness/events/record.ts';
import { junitXml } from '../junit.ts';
import { upgradeReport } from './fold.ts';
import { upgradeMarkdown } from './markdown.ts';
import { upgradeOpenMetrics } from './open-metrics.ts';
import { upgradePage } from './page.ts';
import { upgradeText } from './terminal.ts';

type Render = (run: RunRecord) => string;

const files: Readonly<Record<string, Render>> = {
  'upgrade.html': upgradePage,
  'upgrade.json': (run) => `${JSON.stringify(upgradeReport(run), undefined, 1)}\n`,
  'upgrade.md': upgradeMarkdown,
  'upgrade.txt': (run) => upgradeText(run),
  'upgrade.prom': upgradeOpenMetrics,
  'junit.xml': junitXml,
};

/** Writes every report of an upgrade into `folder`; returns the files. */
export async function renderUpgrade(run: RunRecord, folder: string): Promise<string[]> {
  makeFolder(folder);
  const written = Object.entries(files).map(async ([name, render]) => {
    const path = join(folder, name);
    await writeFile(path, render(run));
    return path;
  });
  return Promise.all(written);
}
