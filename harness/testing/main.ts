#!/usr/bin/env node
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { describeError } from '../base/errors.ts';
import { sweepKilledTests } from './own-names.ts';

const roots = '{harness,suites,clusters,reports}';
const kinds = { unit: ['unit'], integration: ['integration'], all: ['unit', 'integration'] } as const;

/** Unit tests first (seconds), then those that make real clusters; the closing line counts both. All write in one folder. */
async function main(argument: string): Promise<void> {
  if (!(argument in kinds)) {
    process.stderr.write(`unknown test kind "${argument}"; use ${Object.keys(kinds).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'ordeal-test-'));
  process.env.TMPDIR = scratch;
  let passed = 0;
  const failures: string[] = [];
  for (const kind of kinds[argument as keyof typeof kinds]) {
    if (kind === 'integration') await sweepEarlier();
    const outcome = await runFiles(await filesOf(kind));
    passed += outcome.passes;
    failures.push(...outcome.failures);
  }
  if (passed + failures.length === 0) failures.push('no test was found');
  if (failures.length === 0) await rm(scratch, { recursive: true, force: true });
  else process.stderr.write(`what the tests wrote is in ${scratch}\n`);
  process.stdout.write(closing(passed, failures));
  process.exit(failures.length === 0 ? 0 : 1);
}

/** A test run that was killed leaves what it was at, which would take memory and cores of this one. */
async function sweepEarlier(): Promise<void> {
  // Where no Docker runs nothing takes either; a cluster that would not go must be known of.
  const swept = await sweepKilledTests().catch((error: unknown) => {
    process.stderr.write(`what killed test runs left may stay: ${describeError(error)}\n`);
    return [];
  });
  for (const name of swept) process.stderr.write(`left by a killed test run, removed: ${name}\n`);
}

/** What failed is told once more at the very end: hours of cluster output follow the unit tests in a CI log. */
function closing(passed: number, failures: readonly string[]): string {
  const told = failures.map((failure) => `failed: ${failure}\n`);
  return `${told.join('')}${passed} passed, ${failures.length} failed\n`;
}

async function filesOf(kind: 'unit' | 'integration'): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(`${roots}/**/*.test.ts`)) {
    if (file.endsWith('.integration.test.ts') === (kind === 'integration')) files.push(file);
  }
  return files.sort();
}

async function runFiles(files: readonly string[]): Promise<{ passes: number; failures: string[] }> {
  const mocha = new Mocha({ reporter: 'spec', timeout: 120_000, forbidOnly: true });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const failures: string[] = [];
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passes: runner.stats?.passes ?? 0, failures }));
    runner.on('fail', (test, error: unknown) => failures.push(`${test.fullTitle()}: ${String(error)}`));
  });
}

await main(process.argv[2] ?? 'all');
