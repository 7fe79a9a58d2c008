#!/usr/bin/env node
import { glob } from 'node:fs/promises';
import Mocha from 'mocha';

const roots = '{harness,suites,clusters,reports}';
const kinds = { unit: ['unit'], integration: ['integration'], all: ['unit', 'integration'] } as const;

/** Unit tests first (seconds), then those that make real clusters; the closing line counts both. */
async function main(argument: string): Promise<void> {
  if (!(argument in kinds)) {
    process.stderr.write(`unknown test kind "${argument}"; use ${Object.keys(kinds).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  let passed = 0;
  let failed = 0;
  for (const kind of kinds[argument as keyof typeof kinds]) {
    const stats = await runFiles(await filesOf(kind));
    passed += stats.passes;
    failed += stats.failures;
  }
  if (passed + failed === 0) failed += 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
}

async function filesOf(kind: 'unit' | 'integration'): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(`${roots}/**/*.test.ts`)) {
    if (file.endsWith('.integration.test.ts') === (kind === 'integration')) files.push(file);
  }
  return files.sort();
}

async function runFiles(files: readonly string[]): Promise<{ passes: number; failures: number }> {
  const mocha = new Mocha({ reporter: 'spec', timeout: 20_000, forbidOnly: true });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      resolve({ passes, failures });
    });
  });
}

await main(process.argv[2] ?? 'all');
