import { expect } from 'chai';
import { execa } from 'execa';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeNames } from '../cluster/ownership.ts';
import { leftoversOnNode } from '../fault/on-node.ts';
import { readRecords } from '../fault/record.ts';
import { execInNode } from '../node/docker.ts';
import { dnsPodAcross, kubectl } from './dns-pod-across.ts';
import { ordeal, scratch } from './ordeal-process.ts';
import { ownName } from './own-names.ts';

const aMinute = 60_000;

/** Starts a harness that holds a fault; returns once that is seen. */
async function hold(cluster: string, folder: string, deadlineMs: number, kind = 'partition'): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'hold-fault.ts');
  const child = spawn(process.execPath, [script, cluster, folder, String(deadlineMs), kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as unknown[];
  expect(String(said)).to.equal('holding\n');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits until something is so. @throws Error naming it where it is not in time. */
async function until(what: string, within: number, isSo: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + within;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > giveUp) throw new Error(`${what}: not within ${within} ms`);
    await pause(500);
  }
}

const docker = (...argv: string[]) => execa('docker', argv);

async function isTainted(cluster: string): Promise<boolean> {
  const { code, stdout } = await kubectl(cluster, 'get', 'nodes', '-o', 'jsonpath={.items[*].spec.taints[*].key}');
  if (code !== 0) throw new Error('the API server does not answer');
  return stdout.includes('ordeal.dev/fault');
}

/** What faults have on all nodes. */
async function leftOn(cluster: string): Promise<string[]> {
  const nodes = await nodeNames(cluster);
  return (await Promise.all(nodes.map((node) => leftoversOnNode(execInNode, node)))).flatMap(({ acts }) => acts);
}

/** Acts on all nodes that nobody has undone. */
async function recordsOn(cluster: string): Promise<string[]> {
  const nodes = await nodeNames(cluster);
  return (await Promise.all(nodes.map((node) => leftoversOnNode(execInNode, node)))).flatMap(({ records }) => records);
}

describe('A fault whose harness was killed', function () {
  this.timeout(20 * aMinute);
  const given = process.env['ORDEAL_TEST_CLUSTER']?.split(',');
  const name = given?.[0] ?? ownName('faults');
  let folder = given?.[1] ?? '';

  before(async () => {
    if (given !== undefined) return;
    folder = await scratch('faults');
    const some = ['--include', 'dns-cluster-name', '--workers', '1', '--keep'];
    await ordeal('run', '--fix', '--cni', 'flannel', '--name', name, '--out', folder, ...some);
  });
  after(async () => {
    if (given === undefined) await ordeal('clean', '--name', name);
  });

  it('is reverted at once by `ordeal clean --faults`, which leaves it alone while its harness lives', async () => {
    const harness = await hold(name, folder, 10 * aMinute);
    const clean = () => ordeal('clean', '--faults', '--name', name, '--results', folder);
    await clean();
    expect(await dnsPodAcross(name), 'while the harness lives').to.equal(false);
    await kill(harness);
    const { stdout, exitCode } = await clean();
    expect(exitCode).to.equal(0);
    expect(stdout.match(/^reverted pods of .* cut on node /gm)).to.have.length(2);
    expect(await dnsPodAcross(name), 'after clean').to.equal(true);
    expect(await leftOn(name)).to.deep.equal([]);
    expect(await readRecords(folder)).to.deep.equal([]);
  });

  it('ends by itself at its deadline', async () => {
    await kill(await hold(name, folder, 20_000));
    expect(await dnsPodAcross(name), 'before the deadline').to.equal(false);
    const giveUp = Date.now() + aMinute;
    while (!(await dnsPodAcross(name)) && Date.now() < giveUp) await pause(500);
    expect(await dnsPodAcross(name), 'after the deadline').to.equal(true);
    const { stdout } = await ordeal('clean', '--faults', '--name', name, '--results', folder);
    expect(stdout).to.match(/cleared what was left of/);
    expect(await leftOn(name)).to.deep.equal([]);
  });

  /** What is left of a fault that ended by itself is files; once those are cleared, nothing is. */
  const nothingLeft = async () => {
    const clean = () => ordeal('clean', '--faults', '--name', name, '--results', folder);
    expect((await clean()).stdout).not.to.match(/^reverted/m);
    expect(await leftOn(name)).to.deep.equal([]);
    expect((await clean()).stdout).to.equal('');
  };

  it('lets packets pass as soon as the program that holds them is killed, and ends at its deadline', async () => {
    await kill(await hold(name, folder, 20_000, 'queue'));
    for (const node of await nodeNames(name)) await execInNode(node, ['pkill', '-KILL', '-f', 'faults/.*[.]queue']);
    await until('the DNS pod answers five times in a row', 15_000, async () => {
      for (let time = 0; time < 5; time++) if (!(await dnsPodAcross(name))) return false;
      return true;
    });
    await until('nothing of it acts', 25_000, async () => (await recordsOn(name)).length === 0);
    await nothingLeft();
  });

  it('ends at its deadline while no node reaches the API server', async () => {
    const main = `${name}-control-plane`;
    await kill(await hold(name, folder, 20_000));
    await docker('exec', main, 'pkill', '-STOP', '-x', 'kube-apiserver');
    try {
      await until('no record is left on a node', 25_000, async () => (await recordsOn(name)).length === 0);
    } finally {
      await docker('exec', main, 'pkill', '-CONT', '-x', 'kube-apiserver');
    }
    await until('the DNS pod answers', 30_000, () => dnsPodAcross(name));
    await nothingLeft();
  });

  it('is armed on the clock that no step of the time moves', async () => {
    await kill(await hold(name, folder, 10 * aMinute, 'taint'));
    const list = `systemctl show --property=TimersMonotonic,TimersCalendar 'ordeal-fault-*.timer'`;
    const { stdout } = await docker('exec', `${name}-control-plane`, 'sh', '-c', list);
    expect(stdout).to.match(/^TimersMonotonic=\{ OnActiveUSec=10min/m);
    expect(stdout.replaceAll(/^TimersCalendar=$/gm, '')).not.to.contain('TimersCalendar');
    expect((await ordeal('clean', '--faults', '--name', name, '--results', folder)).stdout).to.match(/^reverted node/m);
    expect(await isTainted(name)).to.equal(false);
  });

  it('is taken back by its node as that starts again, though its timer is gone', async () => {
    await kill(await hold(name, folder, 10 * aMinute, 'taint'));
    expect(await isTainted(name), 'before').to.equal(true);
    await docker('restart', '--time', '1', `${name}-control-plane`);
    await until('the taint is gone', 3 * aMinute, async () => !(await isTainted(name)));
    await nothingLeft();
  });
});
