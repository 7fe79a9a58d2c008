import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { withLock } from './lock.ts';
import { openStore, type Store } from './store.ts';

describe('images/lock', () => {
  let store: Store;
  beforeEach(async () => {
    store = openStore(await mkdtemp(join(tmpdir(), 'ordeal-lock-')));
  });
  afterEach(() => rm(store.root, { recursive: true, force: true }));

  it('lets one at a time in, in one process', async () => {
    let inside = 0;
    let most = 0;
    const visit = () =>
      withLock(store, 'a', async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([visit(), visit(), visit()]);
    expect(most).to.equal(1);
  });

  it('frees the lock when the work throws', async () => {
    const broken = await withLock(store, 'a', () => Promise.reject(new Error('x'))).catch((error: unknown) => error);
    expect(broken).to.be.instanceOf(Error);
    expect(await withLock(store, 'a', () => Promise.resolve('in'))).to.equal('in');
  });

  it('is freed by the kernel when the holder is killed', async () => {
    const script = `import { withLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
      import { openStore } from ${JSON.stringify(new URL('store.ts', import.meta.url).href)};
      await withLock(openStore(${JSON.stringify(store.root)}), 'a', async () => {
        console.log('held'); await new Promise((resolve) => setTimeout(resolve, 600000)); });`;
    const holder = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    holder.kill('SIGKILL');
    await holder;
    expect(await withLock(store, 'a', () => Promise.resolve('in'))).to.equal('in');
  });

  it('does not hold back another name', async () => {
    const inner = await withLock(store, 'a', () => withLock(store, 'b', () => Promise.resolve('both')));
    expect(inner).to.equal('both');
  });
});
