import { expect } from 'chai';
import type { Kube } from '../kube/types.ts';
import { openedRun } from '../case/opened-run.test-support.ts';
import { grid } from './grid-fixture.ts';
import type { Grid } from './grid-types.ts';

const realX = (held: Grid) => held.namespaces.get('x') ?? '';

/** `holder` does some work on the run's only grid and passes; `apply` is such work. */
async function openedForHolders() {
  const { open, ...rest } = await openedRun({ cases: [{ uses: [grid] }] });
  const holder = async (work: (held: Grid, kube: Kube) => Promise<void>) => {
    const opened = await open();
    await work(await opened.ctx.use(grid), opened.ctx.kube);
    await opened.close(true);
  };
  const apply = (name: string) => async (held: Grid, kube: Kube) => {
    const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    await kube.apply({ ...kind, metadata: { name, namespace: realX(held) } });
  };
  return { ...rest, holder, apply };
}

describe('a grid between two holders', () => {
  it('leaves policies of a case for the next holder of its grid to delete, and none in a grid that is kept', async () => {
    const { policies, resources, holder, apply } = await openedForHolders();
    await holder(apply('first'));
    await holder(apply('second'));
    expect([...policies.keys()]).to.deep.equal(['first', 'second']);
    await holder((held) => held.deletePolicies(new Set([`${realX(held)}/second`])));
    expect([...policies.keys()]).to.deep.equal(['second']);
    await resources.close({ keep: true });
    expect([...policies.keys()]).to.deep.equal([]);
  });

  it('leaves labels of a case too, tells the next holder, and puts them back once policies are gone', async () => {
    const { changed, holder, apply } = await openedForHolders();
    await holder(async (held, kube) => {
      const labels = { admitted: 'yes', removable: null };
      await kube.patch({ apiVersion: 'v1', kind: 'Namespace', name: realX(held) }, { metadata: { labels } });
      await apply('mine')(held, kube);
    });
    changed.length = 0;
    await holder(async (held) => {
      expect(held.labels('x')).to.include({ ns: 'x', admitted: 'yes' }).and.not.have.property('removable');
      expect(held.labels('x/a')).to.include({ pod: 'a', removable: 'yes' });
      await held.resetLabels();
      expect(changed).to.deep.equal(['NetworkPolicy mine removed', `Namespace ${realX(held)}`]);
      expect(held.labels('x')).to.include({ removable: 'yes' }).and.not.have.property('admitted');
    });
    await holder((held) => Promise.resolve(void expect(held.labels('x')).to.include({ removable: 'yes' })));
  });

  it('lends the grid of a known failure again as it is: nobody asks its agents whether it is open', async () => {
    const { open } = await openedRun({ cases: [{ uses: [grid] }], known: true });
    const first = await open();
    const held = await first.ctx.use(grid);
    await first.close(false);
    const second = await open();
    expect(await second.ctx.use(grid)).to.equal(held);
  });
});
