import { expect } from 'chai';
import { openedWorld } from './opened-run.test-support.ts';

async function openedWithGrid() {
  const { open, ...rest } = await openedWorld();
  const opened = await open();
  await opened.ctx.grid();
  await opened.close(true);
  return rest;
}

describe('a world', () => {
  it('takes fleet and grids down', async () => {
    const { there, world } = await openedWithGrid();
    expect(there.size).to.equal(5);
    await world.close();
    expect([...there]).to.deep.equal([]);
  });

  it('takes down a grid that was still starting when the run ended', async () => {
    const { there, world } = await openedWorld({ hung: true, wanted: { fleet: 'none', onGrids: 1 } });
    await new Promise(setImmediate);
    expect(there.size).to.equal(3);
    await world.close();
    expect([...there]).to.deep.equal([]);
  });

  it('has no fleet where no case asks for one, and says so to a case that does all the same', async () => {
    const { there, open } = await openedWorld({ wanted: { fleet: 'none' } });
    expect([...there]).to.deep.equal([]);
    const { ctx } = await open({ fleet: 'none' });
    expect(() => ctx.fleet).to.throw('networkpolicy-x asks for the standing fleet');
  });

  it('has only agents on the nodes where no case asks for more, and hands no more to one that asks for those', async () => {
    const hosts = await openedWorld({ wanted: { fleet: 'hosts' } });
    expect([...hosts.there].map((name) => name.replace(/^.*-/, ''))).to.deep.equal(['hosts']);
    const { ctx } = await (await openedWorld()).open({ fleet: 'hosts' });
    expect(ctx.fleet.hostAgents).to.have.length(1);
    expect(ctx.fleet.agents).to.deep.equal([]);
  });

  it('that keeps its grids takes the fleet down, whose ports on the nodes the next run needs', async () => {
    const { there, world } = await openedWithGrid();
    await world.close({ keepGrids: true });
    expect([...there].map((name) => name.replace(/^.*-grid-/, ''))).to.deep.equal(['x', 'y', 'z']);
  });

  it('lends cases that wait grids of their own, smaller ones, where there are any', async () => {
    const podsOf = async (small: number, waits: boolean) => {
      const { open } = await openedWorld({ small });
      const { ctx } = await open({ waits });
      return (await ctx.grid()).pods.map(({ key }) => key);
    };
    expect(await podsOf(1, true)).to.deep.equal(['x/a', 'x/b', 'y/a', 'z/a']);
    expect(await podsOf(1, false)).to.have.length(9);
    expect(await podsOf(0, true)).to.have.length(9);
  });

  it('starts no second grid for so few cases that the first is done with them sooner', async () => {
    const namespacesFor = async (onGrids: number) => {
      const { there, open } = await openedWorld({ whole: 2, wanted: { fleet: 'none', onGrids } });
      for (const { ctx } of [await open(), await open()]) void ctx.grid();
      await new Promise(setImmediate);
      return there.size;
    };
    expect(await namespacesFor(4)).to.equal(3);
    expect(await namespacesFor(5)).to.equal(6);
  });
});
