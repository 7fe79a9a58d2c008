#!/usr/bin/env node
// Any Node may start Ordeal; the harness itself needs >= 22.19, which the npm package `node` supplies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '..', 'harness', 'cli', 'main.ts');
/** README, exit codes: the environment failed. */
const setupFailed = 3;

/** Returns the Node that runs the harness: the one asked for, the package's, or this one where it is new enough. */
function runtime() {
  if (process.env.ORDEAL_NODE) return process.env.ORDEAL_NODE;
  try {
    const found = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    if (existsSync(found)) return found;
  } catch {
    // Not installed.
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19) ? process.execPath : undefined;
}

function giveUp(why, remedy) {
  process.stderr.write(`ordeal: ${why}\n  ${remedy}\n`);
  process.exitCode = setupFailed;
}

function start(node) {
  // Tables of hundreds of cells are garbage within a second: with Node's own 16 MB a sixth of the time goes to collecting.
  const child = spawn(node, ['--max-semi-space-size=64', main, ...process.argv.slice(2)], { stdio: 'inherit' });
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
  const listeners = forwarded.map((name) => [name, () => child.kill(name)]);
  for (const [name, listener] of listeners) process.on(name, listener);
  child.on('error', (error) => giveUp(`Node cannot be started: ${error.message}`, 'Run `npm ci`, or set ORDEAL_NODE.'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
    for (const [name, listener] of listeners) process.off(name, listener);
  });
}

const node = runtime();
if (!existsSync(main)) giveUp(`${main} is missing`, 'Install Ordeal anew.');
else if (node === undefined) giveUp('there is no Node >= 22.19', 'Run `npm rebuild node`, or set ORDEAL_NODE to one.');
else start(node);
