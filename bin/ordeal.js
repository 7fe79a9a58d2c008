#!/usr/bin/env node
// Any Node may start Ordeal; the harness itself needs >= 22.19, which the npm package `node` supplies.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
const main = join(here, '..', 'harness', 'cli', 'main.ts');
// Tables of hundreds of cells are garbage within a second: with Node's own 16 MB a sixth of the time goes to collecting.
const child = spawnSync(node, ['--max-semi-space-size=64', main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = child.status ?? 130;
