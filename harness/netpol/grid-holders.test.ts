import { expect } from 'chai';
import type { Kube } from '../kube/types.ts';
import { openedWorld } from '../case/opened-run.test-support.ts';
import type { Grid } from './grid-types.ts';

const realX = (grid: Grid) => grid.namespaces.get('x') ?? '';

/** `holder` does some work on the world's only grid and passes; `apply` is such work. */
async function openedForHolders() {
  const { open, ...rest } = await openedWorld();
  const holder = async (work: (grid: Grid, kube: Kube) => Promise<void>) => {
    const opened = await open();
    await work(await opened.ctx.grid(), opened.ctx.kube);
    await opened.close(true);
  };
  const apply = (name: string) => async (grid: Grid, kube: Kube) => {
    const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    await kube.apply({ ...kind, metadata: { name, namespace: realX(grid) } });
  };
  return { ...rest, holder, apply };
}

describe('a grid between two holders', () => {
  it('leaves policies of a case for the next holder of its grid to delete, and none in a grid that is kept', async () => {
    const { policies, world, holder, apply } = await openedForHolders();
    await holder(apply('first'));
    await holder(apply('second'));
    expect([...policies.keys()]).to.deep.equal(['first', 'second']);
    await holder((grid) => grid.deletePolicies(new Set([`${realX(grid)}/second`])));
    expect([...policies.keys()]).to.deep.equal(['second']);
    await world.close({ keepGrids: true });
    expect([...policies.keys()]).to.deep.equal([]);
  });

  it('leaves labels of a case too, tells the next holder, and puts them back once policies are gone', async () => {
    const { changed, holder, apply } = await openedForHolders();
    await holder(async (grid, kube) => {
      const labels = { admitted: 'yes', removable: null };
      await kube.patch({ apiVersion: 'v1', kind: 'Namespace', name: realX(grid) }, { metadata: { labels } });
      await apply('mine')(grid, kube);
    });
    changed.length = 0;
    await holder(async (grid) => {
      expect(grid.labels('x')).to.include({ ns: 'x', admitted: 'yes' }).and.not.have.property('removable');
      expect(grid.labels('x/a')).to.include({ pod: 'a', removable: 'yes' });
      await grid.resetLabels();
      expect(changed).to.deep.equal(['NetworkPolicy mine removed', `Namespace ${realX(grid)}`]);
      expect(grid.labels('x')).to.include({ removable: 'yes' }).and.not.have.property('admitted');
    });
    await holder((grid) => Promise.resolve(void expect(grid.labels('x')).to.include({ removable: 'yes' })));
  });

  it('lends the grid of a known failure again as it is: nobody asks its agents whether it is open', async () => {
    const { open } = await openedWorld({ known: true });
    const first = await open();
    const grid = await first.ctx.grid();
    await first.close(false);
    const second = await open();
    expect(await second.ctx.grid()).to.equal(grid);
  });
});
