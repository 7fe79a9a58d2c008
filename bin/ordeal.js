#!/usr/bin/env node
// Any Node may start Ordeal; the harness itself needs >= 22.19, which the npm package `node` supplies.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
const child = spawnSync(node, [join(here, '..', 'harness', 'cli', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = child.status ?? 130;
