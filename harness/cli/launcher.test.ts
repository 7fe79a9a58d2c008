import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../base/paths.ts';

/** Lays the launcher beside a harness of these lines; returns its path. */
async function laidOut(harness: string | undefined): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ordeal-launcher-'));
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'harness', 'cli'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type": "module"}');
  await copyFile(join(projectRoot, 'bin', 'ordeal.js'), join(root, 'bin', 'ordeal.js'));
  if (harness !== undefined) await writeFile(join(root, 'harness', 'cli', 'main.ts'), harness);
  return join(root, 'bin', 'ordeal.js');
}

async function launch(harness: string | undefined, node = process.execPath) {
  const launcher = await laidOut(harness);
  return execa(process.execPath, [launcher, 'a', 'b'], { env: { ORDEAL_NODE: node }, reject: false });
}

const waiting = `
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {
  console.log('got', name);
  process.exit(42);
});
setInterval(() => undefined, 1000);
console.log('ready');
`;

describe('the launcher', () => {
  it('passes arguments in and the exit code out', async () => {
    const { stdout, exitCode } = await launch('console.log(process.argv.slice(2).join()); process.exitCode = 5;');
    expect([stdout, exitCode]).deep.equal(['a,b', 5]);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`passes ${signal} on, and waits for what comes of it`, async () => {
      const env = { ORDEAL_NODE: process.execPath };
      const launcher = execa(process.execPath, [await laidOut(waiting)], { env, reject: false });
      launcher.stdout.once('data', () => launcher.kill(signal));
      const { stdout, exitCode } = await launcher;
      expect([stdout, exitCode]).deep.equal([`ready\ngot ${signal}`, 42]);
    });
  }

  for (const [signal, code] of [
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGSEGV', 139],
  ] as const) {
    it(`ends with ${code} where the harness dies of ${signal}`, async () => {
      const { exitCode } = await launch(`process.kill(process.pid, '${signal}'); setInterval(() => undefined, 1000);`);
      expect(exitCode).equal(code);
    });
  }

  it('ends with 3 and a remedy where there is no Node, or no harness', async () => {
    const absent = await launch('', '/nonexistent/node');
    expect(absent.exitCode).equal(3);
    expect(absent.stderr).match(/Node cannot be started.*\n.*ORDEAL_NODE/);
    const hollow = await launch(undefined);
    expect(hollow.exitCode).equal(3);
    expect(hollow.stderr).include('Install Ordeal anew');
  });
});
