import { expect } from 'chai';
import { planConcurrency } from '../case/concurrency.ts';
import type { Fixture } from '../case/fixture.ts';
import { grid, smallGrid } from './grid-fixture.ts';

const many = (...uses: Fixture<unknown>[]) => Array.from({ length: 300 }, () => ({ uses }));
const other = { ...smallGrid, name: 'other', capacity: () => 7 };
const both = [...many(), ...many(grid)];

function planned(limit: number | undefined, cni: 'calico' | 'cilium', cases: readonly { uses: Fixture<unknown>[] }[]) {
  const { free, leased, idleBeside } = planConcurrency(limit, { cni, cpus: 2 }, cases);
  return { own: free, grid: leased.get(grid)?.busy ?? 0, idle: leased.get(grid)?.idle ?? 0, idleBeside };
}

describe('how many cases run at once', () => {
  it('are fewer of each kind where both have cases for long', () => {
    const alone = planned(undefined, 'calico', many(grid));
    const beside = planned(undefined, 'calico', both);
    expect(beside.grid).to.equal(alone.grid - 1);
    expect(beside.own).to.equal(alone.own - 1);
    expect(planned(undefined, 'calico', [...many(grid), { uses: [] }])).to.deep.equal(alone);
  });

  it('are one a core on grids where few cases want them, whatever else there is', () => {
    const few = many(grid).slice(0, 115);
    expect(planned(undefined, 'calico', few).grid).to.equal(planned(undefined, 'calico', many(grid)).grid - 1);
    expect(planned(undefined, 'calico', few).own).to.equal(planned(undefined, 'calico', many()).own);
    expect(planned(3, 'calico', few).grid).to.equal(3);
  });

  it('are as many as was said', () => {
    expect(planned(5, 'calico', both)).to.deep.equal({ own: 5, grid: 5, idle: 0, idleBeside: false });
    expect(planned(1, 'cilium', both)).to.deep.equal({ own: 1, grid: 1, idle: 0, idleBeside: false });
  });

  it('go by the cores that pods have, not by those of this machine', () => {
    const on = (cpus: number) => planConcurrency(undefined, { cni: 'calico', cpus }, many()).free;
    expect([on(1), on(2), on(3.92), on(64)]).to.deep.equal([3, 3, 4, 8]);
  });

  it('reckon the capacity of every fixture a case leases', () => {
    const { leased } = planConcurrency(2, { cni: 'calico', cpus: 2 }, [{ uses: [grid, other] }]);
    expect(leased.get(other)?.busy).to.equal(7);
  });

  it('have some for idle cases apart on a CNI that delays label changes, in place of a whole grid', () => {
    const cilium = planned(undefined, 'cilium', many(grid));
    expect(cilium.idle).to.be.above(0);
    expect(cilium.idleBeside).to.equal(true);
    expect(cilium.grid).to.equal(planned(undefined, 'calico', many(grid)).grid - 1);
  });
});
