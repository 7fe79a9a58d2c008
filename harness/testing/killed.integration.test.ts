import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { begin, kindContainers, ordeal, type Running, scratch } from './ordeal-process.ts';

async function untilContainers(name: string): Promise<void> {
  const deadline = Date.now() + 15 * 60_000;
  while ((await kindContainers(name)).length === 0) {
    if (Date.now() > deadline) throw new Error(`no node container of ${name} appeared`);
    await pause(250);
  }
}

function start(name: string, out: string): Running {
  return begin('run', '--fix', '--cni', 'flannel', '--workers', '0', '--name', name, '--out', out);
}

/** What a run made goes away, whether it is told to stop or killed. */
describe('A run that does not end by itself', function () {
  this.timeout(20 * 60_000);

  it('cleans up on Ctrl-C while nodes come up, and exits 130', async () => {
    const name = 'ordeal-it-interrupt';
    const running = start(name, await scratch('interrupt'));
    await untilContainers(name);
    running.signal('SIGINT');
    expect((await running.ended).exitCode).to.equal(130);
    expect(await kindContainers(name)).to.deep.equal([]);
  });

  it('is swept by `ordeal clean` after SIGKILL', async () => {
    const name = 'ordeal-it-killed';
    const running = start(name, await scratch('killed'));
    await untilContainers(name);
    running.signal('SIGKILL');
    await running.ended;
    const swept = await ordeal('clean');
    expect(swept.exitCode).to.equal(0);
    expect(await kindContainers(name)).to.deep.equal([]);
  });
});
