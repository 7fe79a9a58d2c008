import { expect } from 'chai';
import { execa } from 'execa';
import { setTimeout as pause } from 'node:timers/promises';
import { reserveCluster, ownedClusters } from '../cluster/ownership.ts';
import { begin, kindContainers, ordeal, type Running, scratch } from './ordeal-process.ts';
import { ownName, sweepKilledTests } from './own-names.ts';

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

/** Returns the id of a process that is no more. */
async function endedProcess(): Promise<number> {
  const child = execa('true');
  await child;
  return child.nodeChildProcess.pid ?? 0;
}

/** What a run made goes away, whether it is told to stop or killed. */
describe('A run that does not end by itself', function () {
  this.timeout(20 * 60_000);

  it('cleans up on Ctrl-C while nodes come up, and exits 130', async () => {
    const name = ownName('interrupt');
    const running = start(name, await scratch('interrupt'));
    await untilContainers(name);
    running.signal('SIGINT');
    expect((await running.ended).exitCode).to.equal(130);
    expect(await kindContainers(name)).to.deep.equal([]);
  });

  it('is swept by `ordeal clean` after SIGKILL', async () => {
    const name = ownName('killed');
    const running = start(name, await scratch('killed'));
    await untilContainers(name);
    running.signal('SIGKILL');
    await running.ended;
    const swept = await ordeal('clean', '--name', name);
    expect(swept.exitCode).to.equal(0);
    expect(await kindContainers(name)).to.deep.equal([]);
  });

  it('is swept by the next test run, which leaves a running one alone', async () => {
    const [left, mine] = [ownName('left', await endedProcess()), ownName('mine')];
    for (const name of [left, mine]) await reserveCluster({ name, runId: name, kept: true, dualStack: false });
    expect(await sweepKilledTests()).to.deep.equal([left]);
    expect((await ownedClusters()).map(({ name }) => name))
      .to.include(mine)
      .and.not.include(left);
    await ordeal('clean', '--name', mine, '--force');
  });
});
