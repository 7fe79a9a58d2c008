import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BuildContext } from './context.ts';
import { ensureBaseRoot } from './debian-root.ts';
import { debianTree } from './fetch.ts';
import { withFakeBuild } from './fake-build.test-support.ts';

/** A debootstrap and an apt that leave behind what the real ones do. */
async function fakeDebian(argv: readonly string[]): Promise<string | undefined> {
  if (argv[0] === 'apt-config') return '';
  if (argv.includes('debootstrap')) {
    const root = argv.find((word) => word.includes('/roots/') || word.includes('/tmp/')) ?? '';
    for (const folder of ['etc/dpkg/dpkg.cfg.d', 'etc/apt', 'usr/sbin', 'var/cache/apt'])
      await mkdir(join(root, folder), { recursive: true });
    return '';
  }
  if (!argv.includes('unshare')) return undefined;
  const [root = '', side = '', script = ''] = argv.slice(-3);
  if (!script.includes('apt-get download')) return '';
  await writeFile(join(root, 'var/cache/apt/pkgcache.bin'), 'made by apt');
  await mkdir(join(side, 'tree'));
  return '';
}

const cached = async (context: BuildContext) => readdir(join(await ensureBaseRoot(context), 'var/cache/apt'));

describe('images/fetch', () => {
  it('downloads a Debian package without writing into the root that other images are copied from', () =>
    withFakeBuild([], fakeDebian, async ({ context }) => {
      expect(await cached(context)).to.deep.equal([]);
      const tree = await debianTree(context, 'pause', { from: 'debian', package: 'catatonit', path: '/usr/bin/x' });
      expect(await readdir(tree)).to.deep.equal([]);
      expect(await cached(context)).to.deep.equal([]);
    }));
});
