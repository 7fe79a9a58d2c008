import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../base/paths.ts';
import { Comparison } from '../../../reports/compare/model.ts';

export interface ComparisonRun {
  readonly clusters: readonly string[];
  readonly rounds: string;
  readonly metrics: readonly string[];
  readonly folder: string;
  readonly more?: readonly string[];
  /** Sees each line of progress. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs `ordeal compare` on kept clusters as a person would; returns what it wrote. @throws OrdealError of the file that is
 * not there, when nothing could be compared at all.
 */
export async function runComparison({ clusters, rounds, metrics, folder, more = [], onLine }: ComparisonRun) {
  const main = join(projectRoot, 'harness', 'cli', 'main.ts');
  const measured = metrics.flatMap((name) => ['--metric', name]);
  const argv = ['compare', '--rounds', rounds, '--out', folder, ...clusters.flatMap((name) => ['--cluster', name])];
  const run = execa(process.execPath, [main, ...argv, ...measured, ...more], {
    reject: false,
    stdout: 'ignore',
    buffer: false,
  });
  for await (const line of run.iterable({ from: 'stderr' })) {
    process.stderr.write(`${line}\n`);
    onLine?.(line);
  }
  await run;
  return Comparison.parse(JSON.parse(readFileSync(join(folder, 'comparison.json'), 'utf8')));
}
