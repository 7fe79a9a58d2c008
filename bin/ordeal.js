#!/usr/bin/env node
// Starts the harness: the built JavaScript of the npm package, or the TypeScript of a checkout, whose Node strips types.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** A checkout may hold a `dist` too, which is older than what is edited. */
const forms = [
  { main: join(root, 'harness', 'cli', 'main.ts'), major: 22, minor: 19 },
  { main: join(root, 'dist', 'harness', 'cli', 'main.js'), major: 20, minor: 19 },
];
/** README, exit codes: the environment failed. */
const setupFailed = 3;

/** Returns the Node that runs this form: the one asked for, this one where it is new enough, or that of the npm package `node`. */
function runtime({ major: wantedMajor, minor: wantedMinor }) {
  if (process.env.ORDEAL_NODE) return process.env.ORDEAL_NODE;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return process.execPath;
  try {
    const found = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(found) ? found : undefined;
  } catch {
    return undefined; // Not installed.
  }
}

function giveUp(why, remedy) {
  process.stderr.write(`ordeal: ${why}\n  ${remedy}\n`);
  process.exitCode = setupFailed;
}

function start(node, main) {
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

const form = forms.find(({ main }) => existsSync(main));
const node = form && runtime(form);
if (form === undefined) giveUp(`${root} holds no harness`, 'Install Ordeal anew.');
else if (node !== undefined) start(node, form.main);
else {
  const why = `there is no Node >= ${form.major}.${form.minor}, this is ${process.versions.node}`;
  giveUp(why, 'Run `npm rebuild node` in a checkout, or set ORDEAL_NODE to one.');
}
