import { expect } from 'chai';
import { ChangeSet } from '../kube/change-set.ts';
import { newHistory } from './grid-types.ts';
import { GridPool, type ReusableGrid } from './grid-pool.ts';

interface Fake {
  readonly note?: () => Promise<void>;
  readonly restore?: () => Promise<void>;
}

const fine = () => Promise.resolve();
const broken = () => Promise.reject(new Error('still dropped'));

function fakeGrid({ note = fine, restore = fine }: Fake = {}): ReusableGrid {
  const changes = { deletePolicies: fine, resetLabels: fine, labels: () => ({}) };
  return { grid: { namespaces: new Map(), pods: [], ports: [], history: newHistory(), ...changes }, note, restore };
}

/** A pool of one grid whose first grid is as told and whose others are fine. */
function poolOf(first: Fake) {
  let built = 0;
  return new GridPool(1, () => Promise.resolve(fakeGrid((built += 1) === 1 ? first : {})));
}

describe('GridPool', () => {
  it('builds no more than its size and lends again what was given back', async () => {
    let built = 0;
    const pool = new GridPool(1, () => Promise.resolve(((built += 1), fakeGrid())));
    const first = await pool.lease();
    const second = pool.lease();
    await first.release(new ChangeSet());
    expect((await second).grid).to.equal(first.grid);
    expect(built).to.equal(1);
  });

  it('builds a first grid before it is asked for, no second one, and says when nothing is being built', async () => {
    const builds: PromiseWithResolvers<ReusableGrid>[] = [];
    const pool = new GridPool(2, () => {
      const build = Promise.withResolvers<ReusableGrid>();
      builds.push(build);
      return build.promise;
    });
    pool.warm();
    const leased = pool.lease();
    expect(builds).to.have.length(1);
    const quiet = pool.quiet().then(() => 'quiet');
    expect(await Promise.race([quiet, Promise.resolve('building')])).to.equal('building');
    builds[0]?.resolve(fakeGrid());
    expect((await leased).grid.pods).to.deep.equal([]);
    expect(await quiet).to.equal('quiet');
  });

  it('is quiet after a grid that was begun in vain failed, and builds another for who asks', async () => {
    let built = 0;
    const pool = new GridPool(1, () =>
      (built += 1) === 1 ? Promise.reject(new Error('no pod')) : Promise.resolve(fakeGrid()),
    );
    pool.warm();
    await pool.quiet();
    expect((await pool.lease()).grid.pods).to.deep.equal([]);
  });

  it('replaces a grid whose state is not known, so that whoever waits gets a clean one', async () => {
    const pool = poolOf({ note: broken });
    const first = await pool.lease();
    const waiting = pool.lease();
    const failure = await first.release(new ChangeSet()).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((await waiting).grid).not.to.equal(first.grid);
  });

  it('restores a grid after a failure, and after nothing else', async () => {
    let restored = 0;
    const pool = poolOf({ restore: () => Promise.resolve(void (restored += 1)) });
    await (await pool.lease()).release(new ChangeSet());
    expect(restored).to.equal(0);
    await (await pool.lease()).release(undefined);
    expect(restored).to.equal(1);
  });

  it('lends nobody a grid that could not be restored', async () => {
    const pool = poolOf({ restore: broken });
    const first = await pool.lease();
    await first.release(undefined).catch(() => undefined);
    expect((await pool.lease()).grid).not.to.equal(first.grid);
  });

  it('gives the place of a failed build to the next', async () => {
    let tries = 0;
    const pool = new GridPool(1, () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no room')) : Promise.resolve(fakeGrid());
    });
    expect(await pool.lease().catch((error: unknown) => String(error))).to.contain('no room');
    expect(await pool.lease()).to.have.property('grid');
  });
});
