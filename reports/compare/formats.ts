import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../harness/base/make-folder.ts';
import { writeComparisonAllure } from './allure.ts';
import { comparisonCsv } from './csv.ts';
import { comparisonMarkdown } from './markdown.ts';
import type { Comparison } from './model.ts';
import { comparisonOpenMetrics } from './open-metrics.ts';
import { comparisonPage } from './page.ts';
import { comparisonText } from './terminal.ts';

export const comparisonFormats = ['terminal', 'json', 'csv', 'markdown', 'html', 'openmetrics', 'allure'] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];
/** A folder and no text. */
export type TextFormat = Exclude<ComparisonFormat, 'allure'>;
const allureFolder = 'comparison-allure-results';

const renderers: Readonly<Record<TextFormat, { file: string; render: (comparison: Comparison) => string }>> = {
  terminal: { file: 'comparison.txt', render: comparisonText },
  json: { file: 'comparison.json', render: (comparison) => `${JSON.stringify(comparison, undefined, 1)}\n` },
  csv: { file: 'comparison.csv', render: comparisonCsv },
  markdown: { file: 'comparison.md', render: comparisonMarkdown },
  html: { file: 'comparison.html', render: comparisonPage },
  openmetrics: { file: 'comparison.prom', render: comparisonOpenMetrics },
};

/** Returns the comparison in one format. */
export function renderComparison(comparison: Comparison, format: TextFormat): string {
  return renderers[format].render(comparison);
}

/** Writes the formats into `folder`, made where absent; returns the files. */
export async function writeComparison(
  comparison: Comparison,
  folder: string,
  formats: readonly ComparisonFormat[],
): Promise<string[]> {
  makeFolder(folder);
  const files: string[] = [];
  for (const format of formats) {
    const path = join(folder, format === 'allure' ? allureFolder : renderers[format].file);
    if (format === 'allure') writeComparisonAllure(comparison, path);
    else await writeFile(path, renderComparison(comparison, format));
    files.push(path);
  }
  return files;
}
