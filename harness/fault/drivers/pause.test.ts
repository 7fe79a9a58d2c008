import { expect } from 'chai';
import { execa } from 'execa';
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stopped } from './pause.ts';

const name = `paused${process.pid}`.slice(0, 15);

describe('the sign that a process is paused', () => {
  const running: ChildProcess[] = [];
  let file = '';

  const start = () => {
    const child = spawn(file, ['600'], { stdio: 'ignore' });
    running.push(child);
    return child;
  };
  const isStopped = async () => (await execa('sh', ['-c', stopped(name)], { reject: false })).exitCode === 0;
  const becomes = async (wanted: boolean) => {
    for (let turn = 0; turn < 100 && (await isStopped()) !== wanted; turn++) await pause(20);
    return isStopped();
  };

  before(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'ordeal-pause-')), name);
    await copyFile('/bin/sleep', file);
  });
  after(() => running.forEach((child) => child.kill('SIGKILL')));

  it('is absent without such a process, and while one runs', async () => {
    expect(await isStopped()).to.equal(false);
    start();
    expect(await isStopped()).to.equal(false);
  });

  it('holds while a younger process of the same name runs, such as a health probe, and ends with SIGCONT', async () => {
    const [daemon] = running;
    daemon?.kill('SIGSTOP');
    expect(await becomes(true)).to.equal(true);
    await pause(1_100);
    start();
    expect(await isStopped(), 'with a probe beside it').to.equal(true);
    daemon?.kill('SIGCONT');
    expect(await becomes(false)).to.equal(false);
  });

  it('is absent while an older one of them runs', async () => {
    running[1]?.kill('SIGSTOP');
    await pause(50);
    expect(await isStopped()).to.equal(false);
  });
});
