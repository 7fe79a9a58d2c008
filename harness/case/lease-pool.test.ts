import { expect } from 'chai';
import { ChangeSet } from '../kube/change-set.ts';
import type { OpenFixture } from './fixture.ts';
import { LeasePool } from './lease-pool.ts';

type Opened = OpenFixture<{ readonly number: number }>;
type Fake = Partial<Pick<Opened, 'accept' | 'reset'>>;

const fine = () => Promise.resolve();
const broken = () => Promise.reject(new Error('still dropped'));
let opened = 0;

function fake(hooks: Fake = {}): Opened {
  opened += 1;
  return { value: { number: opened }, accept: fine, reset: fine, ...hooks };
}

/** A pool of one whose first is as told and whose others are fine. */
function poolOf(first: Fake) {
  let built = 0;
  return new LeasePool(1, () => Promise.resolve(fake((built += 1) === 1 ? first : {})));
}

describe('LeasePool', () => {
  it('opens no more than its size and lends again what was given back', async () => {
    let built = 0;
    const pool = new LeasePool(1, () => Promise.resolve(((built += 1), fake())));
    const first = await pool.lease();
    const second = pool.lease();
    await first.release(new ChangeSet());
    expect((await second).value).to.equal(first.value);
    expect(built).to.equal(1);
  });

  it('opens a first one before it is asked for, no second one, and says when none is being opened', async () => {
    const builds: PromiseWithResolvers<Opened>[] = [];
    const pool = new LeasePool(2, () => {
      const build = Promise.withResolvers<Opened>();
      builds.push(build);
      return build.promise;
    });
    pool.warm();
    const leased = pool.lease();
    expect(builds).to.have.length(1);
    const quiet = pool.quiet().then(() => 'quiet');
    expect(await Promise.race([quiet, Promise.resolve('building')])).to.equal('building');
    builds[0]?.resolve(fake());
    expect((await leased).value).to.have.property('number');
    expect(await quiet).to.equal('quiet');
  });

  it('is quiet after one that was begun in vain failed, and opens another for who asks', async () => {
    let built = 0;
    const pool = new LeasePool(1, () =>
      (built += 1) === 1 ? Promise.reject(new Error('no pod')) : Promise.resolve(fake()),
    );
    pool.warm();
    await pool.quiet();
    expect((await pool.lease()).value).to.have.property('number');
  });

  it('replaces one whose state is not known, so that whoever waits gets a clean one', async () => {
    const pool = poolOf({ accept: broken });
    const first = await pool.lease();
    const waiting = pool.lease();
    const failure = await first.release(new ChangeSet()).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((await waiting).value).not.to.equal(first.value);
  });

  it('resets one after a failure, and after nothing else', async () => {
    let restored = 0;
    const pool = poolOf({ reset: () => Promise.resolve(void (restored += 1)) });
    await (await pool.lease()).release(new ChangeSet());
    expect(restored).to.equal(0);
    await (await pool.lease()).release(undefined);
    expect(restored).to.equal(1);
  });

  it('lends nobody one that could not be reset', async () => {
    const pool = poolOf({ reset: broken });
    const first = await pool.lease();
    await first.release(undefined).catch(() => undefined);
    expect((await pool.lease()).value).not.to.equal(first.value);
  });

  it('gives the place of a failed opening to the next', async () => {
    let tries = 0;
    const pool = new LeasePool(1, () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no room')) : Promise.resolve(fake());
    });
    expect(await pool.lease().catch((error: unknown) => String(error))).to.contain('no room');
    expect(await pool.lease()).to.have.property('value');
  });

  it('lends nobody one that nothing can reset', async () => {
    const pool = poolOf({ accept: undefined, reset: undefined });
    const first = await pool.lease();
    await first.release(new ChangeSet());
    expect((await pool.lease()).value).not.to.equal(first.value);
  });
});
