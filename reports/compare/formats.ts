import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../harness/base/make-folder.ts';
import { comparisonCsv } from './csv.ts';
import { comparisonMarkdown } from './markdown.ts';
import type { Comparison } from './model.ts';
import { comparisonOpenMetrics } from './open-metrics.ts';
import { comparisonPage } from './page.ts';
import { comparisonText } from './terminal.ts';

export const comparisonFormats = ['terminal', 'json', 'csv', 'markdown', 'html', 'openmetrics'] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

const renderers: Readonly<Record<ComparisonFormat, { file: string; render: (comparison: Comparison) => string }>> = {
  terminal: { file: 'comparison.txt', render: comparisonText },
  json: { file: 'comparison.json', render: (comparison) => `${JSON.stringify(comparison, undefined, 1)}\n` },
  csv: { file: 'comparison.csv', render: comparisonCsv },
  markdown: { file: 'comparison.md', render: comparisonMarkdown },
  html: { file: 'comparison.html', render: comparisonPage },
  openmetrics: { file: 'comparison.prom', render: comparisonOpenMetrics },
};

/** Returns the comparison in one format. */
export function renderComparison(comparison: Comparison, format: ComparisonFormat): string {
  return renderers[format].render(comparison);
}

/** Writes the formats into `folder`, made where absent; returns the files. */
export async function writeComparison(
  comparison: Comparison,
  folder: string,
  formats: readonly ComparisonFormat[],
): Promise<string[]> {
  makeFolder(folder);
  const files = formats.map((format) => ({ path: join(folder, renderers[format].file), format }));
  for (const { path, format } of files) await writeFile(path, renderComparison(comparison, format));
  return files.map(({ path }) => path);
}
