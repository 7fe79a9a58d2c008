import { expect } from 'chai';
import { Changes } from '../kube/noting.ts';
import { GridPool, type ReusableGrid } from './grid-pool.ts';

interface Fake {
  readonly note?: () => Promise<void>;
  readonly prove?: () => Promise<void>;
}

const fine = () => Promise.resolve();
const broken = () => Promise.reject(new Error('still dropped'));

function fakeGrid({ note = fine, prove = fine }: Fake = {}): ReusableGrid {
  const changes = { sweep: fine, relabel: fine, labels: () => ({}) };
  return { grid: { namespaces: new Map(), pods: [], ports: [], ...changes }, note, inspect: fine, prove };
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
    const first = await pool.lease({ proven: false });
    const second = pool.lease({ proven: false });
    await first.release(new Changes());
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
    const leased = pool.lease({ proven: false });
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
    expect((await pool.lease({ proven: false })).grid.pods).to.deep.equal([]);
  });

  it('replaces a grid that cannot be tidied, so that whoever waits gets a clean one', async () => {
    const pool = poolOf({ note: broken });
    const first = await pool.lease({ proven: false });
    const waiting = pool.lease({ proven: false });
    const failure = await first.release(new Changes()).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((await waiting).grid).not.to.equal(first.grid);
  });

  it('proves a grid open for who asks, after each holder anew, and for nobody else', async () => {
    let proofs = 0;
    const pool = poolOf({ prove: () => Promise.resolve(void (proofs += 1)) });
    await (await pool.lease({ proven: false })).release(new Changes());
    expect(proofs).to.equal(0);
    await (await pool.lease({ proven: true })).release(new Changes());
    await (await pool.lease({ proven: true })).release(new Changes());
    expect(proofs).to.equal(2);
  });

  it('does not lend a grid that is not open to who asks for an open one', async () => {
    const pool = poolOf({ prove: broken });
    const first = await pool.lease({ proven: false });
    await first.release(new Changes());
    expect((await pool.lease({ proven: true })).grid).not.to.equal(first.grid);
  });

  it('proves a grid open after a failure before anybody has it', async () => {
    const pool = poolOf({ prove: broken });
    const first = await pool.lease({ proven: false });
    await first.release(undefined).catch(() => undefined);
    expect((await pool.lease({ proven: false })).grid).not.to.equal(first.grid);
  });

  it('gives the place of a failed build to the next', async () => {
    let tries = 0;
    const pool = new GridPool(1, () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no room')) : Promise.resolve(fakeGrid());
    });
    expect(await pool.lease({ proven: false }).catch((error: unknown) => String(error))).to.contain('no room');
    expect(await pool.lease({ proven: false })).to.have.property('grid');
  });
});
