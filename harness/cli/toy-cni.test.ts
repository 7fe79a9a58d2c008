import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../base/paths.ts';

const toy = `
import type { Cni, WorkloadRef } from '../product.ts';

const agent: WorkloadRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'toy' };

export const product: Cni = {
  ...{ kind: 'cni', name: 'toy', title: 'Toy', version: 'v1', podCidr: '10.244.0.0/16', kubeProxyMode: 'iptables' },
  ...{ components: [], provides: { NetworkPolicy: false }, readiness: [agent], traits: {} },
  install: [{ source: { from: 'file', component: 'toy', module: 'example.test/toy', path: 'manifests/toy.yaml' } }],
  agent: { workload: agent, podSelector: 'app=toy', container: 'toy', process: 'toyd', command: 'toyd' },
  recognise: { kind: 'DaemonSet', workload: /^toy$/, container: /^toy$/ },
};
`;

/** The whole program beside one file more, in a copy: what a contributor adds, and nothing else. */
describe('a CNI that is one file in clusters/cni', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ordeal-toy-'));
    for (const name of ['clusters', 'harness', 'suites', 'reports', 'package.json']) {
      await cp(join(projectRoot, name), join(root, name), { recursive: true });
    }
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'clusters', 'cni', 'toy.ts'), toy);
  });
  after(() => rm(root, { recursive: true }));

  const ordeal = (...args: string[]) => execa('node', ['harness/cli/main.ts', ...args], { cwd: root, reject: false });

  it('is told of by the help, and accepted by --cni', async () => {
    expect((await ordeal('run', '--help')).stdout).to.match(/--cni <names>\s+calico, [^;]*toy; a list/);
    const { exitCode, stderr } = await ordeal('run', '--cni', 'toy', '--workers', '9');
    expect(stderr)
      .to.match(/--workers/)
      .and.not.match(/--cni/);
    expect(exitCode).to.equal(2);
  });

  it('is among those that a refusal names', async () => {
    const { exitCode, stderr } = await ordeal('run', '--cni', 'weave');
    expect(stderr).to.match(/--cni: one of .*calico.*toy/);
    expect(exitCode).to.equal(2);
  });
});
