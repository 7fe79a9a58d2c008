import { expect } from 'chai';
import { openedRun } from '../case/opened-run.test-support.ts';
import { grid } from './grid-fixture.ts';

const opened = (idle: number) =>
  openedRun({ cases: [{ uses: [grid] }], concurrency: { leased: new Map([[grid, { busy: 1, idle }]]) } });

describe('the grid', () => {
  it('is a smaller one for cases that wait, where there are any', async () => {
    const podsOf = async (idle: number, mostlyIdle: boolean) => {
      const { ctx } = await (await opened(idle)).open({ mostlyIdle });
      return (await ctx.use(grid)).pods.map(({ key }) => key);
    };
    expect(await podsOf(1, true)).to.deep.equal(['x/a', 'x/b', 'y/a', 'z/a']);
    expect(await podsOf(1, false)).to.have.length(9);
    expect(await podsOf(0, true)).to.have.length(9);
  });

  it('stays in a cluster that is kept', async () => {
    const { there, resources } = await opened(0);
    await resources.close({ keep: true });
    expect([...there].map((name) => name.replace(/^.*-grid-/, ''))).to.deep.equal(['x', 'y', 'z']);
  });
});
