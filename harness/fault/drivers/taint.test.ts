import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeInfo } from '../../kube/nodes.ts';
import { planFault } from '../driver.ts';
import { targetOf } from '../target.test-support.ts';
import { taint } from './taint.ts';

const main: NodeInfo = {
  ...{
    name: 'main',
    ip: '10.0.0.9',
    ips: ['10.0.0.9'],
    role: 'control-plane',
    zone: 'a',
    kernel: '6',
    schedulable: true,
  },
};

describe('the undo of a taint', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ordeal-taint-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs it with a kubectl that says this of the node's taints, or cannot. */
  async function undo(get: string): Promise<{ code: number | undefined; removed: boolean }> {
    const kube = { get: () => Promise.resolve({ apiVersion: 'v1', kind: 'Node', metadata: {}, spec: {} }) };
    const [act] = (await planFault(taint, targetOf({ nodes: [main], kube }), { node: 'one' })).acts('r1-1');
    const script = `#!/bin/sh\nif test "$1" = get; then ${get}; else echo "$@" > ${folder}/removed; fi\n`;
    await writeFile(join(folder, 'kubectl'), script, { mode: 0o755 });
    const line = act === undefined || act.site === 'api' ? 'false' : act.undo;
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { exitCode } = await execa('sh', ['-c', line], { env, reject: false });
    const removed = await readFile(join(folder, 'removed'), 'utf8').catch(() => '');
    return { code: exitCode, removed: removed.includes('ordeal.dev/fault:NoSchedule-') };
  }

  it('takes it away where it is, and succeeds where it is not', async () => {
    expect(await undo('echo ordeal.dev/fault:NoSchedule')).to.deep.equal({ code: 0, removed: true });
    expect(await undo('echo other:NoExecute')).to.include({ code: 0 });
    expect(await undo('true')).to.include({ code: 0 });
  });

  it('fails, to be tried again, while the API server does not answer', async () => {
    const { code, removed } = await undo('exit 1');
    expect([code === 0, removed]).to.deep.equal([false, false]);
  });
});
