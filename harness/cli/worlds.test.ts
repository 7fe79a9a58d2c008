import { expect } from 'chai';
import { lanesFor } from './worlds.ts';

const many = (world: 'own' | 'grid') => Array.from({ length: 300 }, () => ({ world }));
const both = [...many('own'), ...many('grid')];

describe('the lanes of a run', () => {
  it('are fewer of each kind where both have cases for long', () => {
    const alone = lanesFor(undefined, 'calico', many('grid'));
    const beside = lanesFor(undefined, 'calico', both);
    expect(beside.grid).to.equal(alone.grid - 1);
    expect(beside.own).to.equal(alone.own - 1);
    expect(lanesFor(undefined, 'calico', [...many('grid'), { world: 'own' }])).to.deep.equal(alone);
  });

  it('are one a core on grids where few cases want them, whatever else there is', () => {
    const few = many('grid').slice(0, 115);
    expect(lanesFor(undefined, 'calico', few).grid).to.equal(lanesFor(undefined, 'calico', many('grid')).grid - 1);
    expect(lanesFor(undefined, 'calico', few).own).to.equal(lanesFor(undefined, 'calico', many('own')).own);
    expect(lanesFor(3, 'calico', few).grid).to.equal(3);
  });

  it('are as many as was said', () => {
    expect(lanesFor(5, 'calico', both)).to.deep.equal({ own: 5, grid: 5, waiting: 0 });
    expect(lanesFor(1, 'cilium', both)).to.deep.equal({ own: 1, grid: 1, waiting: 0 });
  });

  it('have some for waiters apart on a CNI that sits on labels, in place of a whole grid', () => {
    const { grid, waiting } = lanesFor(undefined, 'cilium', many('grid'));
    expect(waiting).to.be.above(0);
    expect(grid).to.equal(lanesFor(undefined, 'calico', many('grid')).grid - 1);
  });
});
