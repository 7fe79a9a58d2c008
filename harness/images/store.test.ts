import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { defaultCacheRoot, ensureEntry, exists, openStore, sweepScratch, type Store } from './store.ts';

describe('images/store', () => {
  let store: Store;
  beforeEach(async () => {
    store = openStore(await mkdtemp(join(tmpdir(), 'ordeal-store-')));
  });
  afterEach(() => rm(store.root, { recursive: true, force: true }));

  it('honours XDG_CACHE_HOME, and ignores an empty one', () => {
    expect(defaultCacheRoot({ XDG_CACHE_HOME: '/x' })).to.equal('/x/ordeal');
    expect(defaultCacheRoot({ XDG_CACHE_HOME: '' })).to.match(/\/\.cache\/ordeal$/);
  });

  it('makes an entry once', async () => {
    let made = 0;
    const make = async (target: string) => {
      made += 1;
      await writeFile(target, 'content');
    };
    const path = await ensureEntry(store, 'downloads', 'k', make);
    expect(await ensureEntry(store, 'downloads', 'k', make)).to.equal(path);
    expect(await readFile(path, 'utf8')).to.equal('content');
    expect(made).to.equal(1);
  });

  it('leaves neither entry nor scratch behind when making fails, and tries again next time', async () => {
    const broken = ensureEntry(store, 'downloads', 'k', async (target) => {
      await writeFile(target, 'half');
      throw new Error('interrupted');
    });
    expect(await broken.catch((error: unknown) => error)).to.be.instanceOf(Error);
    expect(await exists(store.path('downloads', 'k'))).to.equal(false);
    expect(await readdir(store.path('tmp'))).to.deep.equal([]);
    const path = await ensureEntry(store, 'downloads', 'k', (target) => writeFile(target, 'whole'));
    expect(await readFile(path, 'utf8')).to.equal('whole');
  });

  it('sweeps scratch of dead processes only, and not at once', async () => {
    await mkdir(store.path('tmp', `${process.pid}-mine`), { recursive: true });
    await mkdir(store.path('tmp', '999999999-dead'), { recursive: true });
    expect(await sweepScratch(store)).to.equal(0);
    expect(await sweepScratch(store, Date.now() + 3_600_000)).to.equal(1);
    expect(await readdir(store.path('tmp'))).to.deep.equal([`${process.pid}-mine`]);
  });
});
