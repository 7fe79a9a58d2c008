import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeNames } from '../cluster/ownership.ts';
import { leftoversOnNode } from '../fault/on-node.ts';
import { readRecords } from '../fault/record.ts';
import { execInNode } from '../node/docker.ts';
import { dnsPodAcross } from './dns-pod-across.ts';
import { ordeal, scratch } from './ordeal-process.ts';
import { ownName } from './own-names.ts';

const aMinute = 60_000;

/** Starts a harness that cuts the nodes apart; returns once the cut is seen. */
async function hold(cluster: string, folder: string, deadlineMs: number): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'hold-partition.ts');
  const child = spawn(process.execPath, [script, cluster, folder, String(deadlineMs)], {
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

/** What faults have on all nodes. */
async function leftOn(cluster: string): Promise<string[]> {
  const nodes = await nodeNames(cluster);
  return (await Promise.all(nodes.map((node) => leftoversOnNode(execInNode, node)))).flatMap(({ acts }) => acts);
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
});
