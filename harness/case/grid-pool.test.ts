import { expect } from 'chai';
import { GridPool, type ReusableGrid } from './grid-pool.ts';
import type { Grid } from './types.ts';

function fakeGrid(reset: () => Promise<void> = () => Promise.resolve()): ReusableGrid {
  const grid: Grid = { namespaces: new Map(), pods: [], ports: [] };
  return { grid, reset };
}

describe('GridPool', () => {
  it('builds no more than its size and lends again what was reset', async () => {
    let built = 0;
    const pool = new GridPool(1, () => Promise.resolve(((built += 1), fakeGrid())));
    const first = await pool.lease();
    const second = pool.lease();
    await first.release();
    expect((await second).grid).to.equal(first.grid);
    expect(built).to.equal(1);
  });

  it('replaces a grid that cannot be reset, so that whoever waits gets a clean one', async () => {
    let built = 0;
    const broken = () => Promise.reject(new Error('still dropped'));
    const pool = new GridPool(1, () => Promise.resolve(((built += 1), fakeGrid(built === 1 ? broken : undefined))));
    const first = await pool.lease();
    const waiting = pool.lease();
    const failure = await first.release().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((await waiting).grid).not.to.equal(first.grid);
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
