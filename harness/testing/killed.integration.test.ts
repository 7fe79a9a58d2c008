import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../cli/paths.ts';
import { kindContainers, ordeal, scratch } from './ordeal-process.ts';

const main = join(projectRoot, 'harness/cli/main.ts');

async function untilContainers(name: string): Promise<void> {
  const deadline = Date.now() + 15 * 60_000;
  while ((await kindContainers(name)).length === 0) {
    if (Date.now() > deadline) throw new Error(`no node container of ${name} appeared`);
    await pause(250);
  }
}

function start(name: string, out: string) {
  const args = [main, 'run', '--fix', '--cni', 'flannel', '--workers', '0', '--name', name, '--out', out];
  return execa(process.execPath, args, { cwd: projectRoot, reject: false, stdin: 'ignore' });
}

/** What a run made goes away, whether it is told to stop or killed. */
describe('A run that does not end by itself', function () {
  this.timeout(20 * 60_000);

  it('cleans up on Ctrl-C while nodes come up, and exits 130', async () => {
    const name = 'ordeal-it-interrupt';
    const child = start(name, await scratch('interrupt'));
    await untilContainers(name);
    child.nodeChildProcess.kill('SIGINT');
    expect((await child).exitCode).to.equal(130);
    expect(await kindContainers(name)).to.deep.equal([]);
  });

  it('is swept by `ordeal clean` after SIGKILL', async () => {
    const name = 'ordeal-it-killed';
    const child = start(name, await scratch('killed'));
    await untilContainers(name);
    child.nodeChildProcess.kill('SIGKILL');
    await child;
    const swept = await ordeal('clean');
    expect(swept.exitCode).to.equal(0);
    expect(await kindContainers(name)).to.deep.equal([]);
  });
});
