import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Component, ImageLayout } from '../../clusters/component.ts';
import type { BuildContext } from './context.ts';
import { binariesKey, execName, groupBinaries } from './go-build.ts';
import { imageKey } from './image-key.ts';
import { keyOf } from './key.ts';
import { nodeKey, nodeTag } from './node-image.ts';
import { withFakeBuild } from './fake-build.test-support.ts';

const layout = (to = '/app'): ImageLayout => ({
  base: 'scratch',
  files: [{ source: { from: 'binary', component: 'app', binary: 'app' }, to }],
});
const app: Component = {
  name: 'app',
  version: '1',
  go: { moduleDir: 'app', binaries: [{ name: 'app', package: './cmd/app' }] },
  images: { 'x/app:1': layout() },
};

const withModule = async (work: (context: BuildContext, mod: string) => Promise<void>) =>
  withFakeBuild(
    [app],
    () => undefined,
    async ({ context }) => {
      const folder = join(context.clusters, 'modules/app');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'go.mod'), 'module app\n');
      await work(context, join(folder, 'go.mod'));
    },
  );

describe('images/key', () => {
  it('does not depend on the order of fields, but on that of lists', () => {
    expect(keyOf({ a: 1, b: [1, 2] })).to.equal(keyOf({ b: [1, 2], a: 1, c: undefined }));
    expect(keyOf([1, 2])).to.not.equal(keyOf([2, 1]));
  });

  it('changes with go.mod, flags and architecture', () =>
    withModule(async (context, mod) => {
      const before = await binariesKey(context, app);
      expect(await binariesKey(context, app)).to.equal(before);
      expect(await binariesKey({ ...context, arch: 'arm64' }, app)).to.not.equal(before);
      const tagged = {
        ...app,
        go: { moduleDir: 'app', binaries: [{ name: 'app', package: './cmd/app', tags: ['t'] }] },
      };
      expect(await binariesKey(context, tagged)).to.not.equal(before);
      await writeFile(mod, 'module app\nrequire x v2.0.0\n');
      expect(await binariesKey(context, app)).to.not.equal(before);
    }));

  it('passes a change of a binary on to the images that hold it, and to no other', () =>
    withModule(async (context, mod) => {
      const other: ImageLayout = { base: 'scratch', files: [{ source: { from: 'text', text: 'x' }, to: '/x' }] };
      const keys = async () => [
        await imageKey(context, app, 'x/app:1', layout()),
        await imageKey(context, app, 'x/o:1', other),
      ];
      const [holder, bystander] = await keys();
      await writeFile(mod, 'module app\nrequire x v2.0.0\n');
      const [holderAfter, bystanderAfter] = await keys();
      expect(holderAfter).to.not.equal(holder);
      expect(bystanderAfter).to.equal(bystander);
    }));

  it('names a node image by what it holds, in whatever order', () => {
    const record = (digest: string) => ({ reference: 'r', component: 'c', key: 'k', digest, layers: [], config: '' });
    const images = [
      { tag: 'a:1', record: record('1') },
      { tag: 'b:1', record: record('2') },
    ];
    const key = nodeKey(record('n'), images);
    expect(nodeKey(record('n'), images.toReversed())).to.equal(key);
    expect(nodeKey(record('n'), images.slice(1))).to.not.equal(key);
    expect(nodeTag('ordeal.dev/node:v1', key)).to.equal(`ordeal.dev/node:v1-${key.slice(0, 12)}`);
  });
});

describe('images/go-build', () => {
  it('knows what go names a program', () => {
    expect(execName('k8s.io/kubernetes/cmd/kubelet', 'm')).to.equal('kubelet');
    expect(execName('go.etcd.io/etcd/server/v3', 'm')).to.equal('server');
    expect(execName('.', 'coredns')).to.equal('coredns');
  });

  it('builds together what has the same flags and different names', () => {
    const groups = groupBinaries(
      [
        { name: 'a', package: 'x/a' },
        { name: 'b', package: 'x/b' },
        { name: 'c', package: 'y/a' },
        { name: 'd', package: 'x/d', cgo: true },
      ],
      'm',
    );
    expect(groups.map((group) => group.map(({ name }) => name))).to.deep.equal([['a', 'b'], ['c'], ['d']]);
  });
});
