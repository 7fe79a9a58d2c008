import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BuildContext } from './context.ts';
import { listRoot, packLayer } from './layer.ts';
import { withFakeBuild } from './fake-build.test-support.ts';

const real = () => undefined;

async function tree(context: BuildContext, name: string, files: Readonly<Record<string, string>>, seconds = 1000) {
  const root = join(context.store.root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), 0o644);
    await utimes(join(root, path), seconds, seconds);
  }
  return root;
}

const names = async (context: BuildContext, digest: string | undefined) =>
  (await context.run('test', ['tar', '--list', `--file=${context.store.path('layers', `${digest ?? ''}.tar`)}`])).split(
    '\n',
  );

describe('images/layer', () => {
  it('gives the same bytes whatever the order of making, the clock or the owner', () =>
    withFakeBuild([], real, async ({ context }) => {
      const one = await tree(context, 'one', { 'b/x': '1', 'a/y': '2' }, 1000);
      const two = await tree(context, 'two', { 'a/y': '2', 'b/x': '1' }, 2000);
      const input = { component: 't', prune: [], rootOwned: true };
      const first = await packLayer(context, { ...input, root: one });
      const second = await packLayer(context, { ...input, root: two });
      expect(first).to.be.a('string');
      expect(second).to.equal(first);
    }));

  it('packs only the difference to a base', () =>
    withFakeBuild([], real, async ({ context }) => {
      const base = await tree(context, 'base', { 'etc/a': '1', 'etc/b': '1' });
      const root = await tree(context, 'root', { 'etc/a': '1', 'etc/b': '1' });
      await writeFile(join(root, 'etc/b'), 'changed');
      await writeFile(join(root, 'etc/c'), 'new');
      const layer = await packLayer(context, { component: 't', root, base, prune: [], rootOwned: true });
      expect(await names(context, layer)).to.deep.equal(['./etc/b', './etc/c']);
    }));

  it('refuses a difference that would need a deletion', () =>
    withFakeBuild([], real, async ({ context }) => {
      const base = await tree(context, 'base', { 'etc/a': '1', 'etc/b': '1' });
      const root = await tree(context, 'root', { 'etc/a': '1' });
      expect(await packLayer(context, { component: 't', root, base, prune: [], rootOwned: true })).to.equal(undefined);
    }));

  it('empties pruned and mounted folders but keeps them', () =>
    withFakeBuild([], real, async ({ context }) => {
      const root = await tree(context, 'root', { 'var/log/x': '1', 'proc/1': '1', 'etc/a': '1', 'lib/z.a': '1' });
      expect(await listRoot(root, ['var/log', 'lib/*.a'])).to.deep.equal([
        'etc',
        'etc/a',
        'lib',
        'proc',
        'var',
        'var/log',
      ]);
    }));

  it('stores a layer under its own digest', () =>
    withFakeBuild([], real, async ({ context }) => {
      const root = await tree(context, 'root', { 'etc/a': '1' });
      const digest = await packLayer(context, { component: 't', root, prune: [], rootOwned: true });
      const bytes = await readFile(context.store.path('layers', `${digest ?? ''}.tar`));
      const { createHash } = await import('node:crypto');
      expect(createHash('sha256').update(bytes).digest('hex')).to.equal(digest);
    }));
});
