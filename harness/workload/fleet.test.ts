import { expect } from 'chai';
import { openedRun } from '../case/opened-run.test-support.ts';
import { fleet, hostAgents } from './fleet.ts';

const names = (there: ReadonlySet<string>) => [...there].map((name) => name.replace(/^.*-/, '')).sort();

describe('the standing fleet', () => {
  it('is agents on the nodes alone where no case asks for more', async () => {
    const { there, open } = await openedRun({ cases: [{ uses: [hostAgents] }] });
    expect(names(there)).to.deep.equal(['hosts']);
    expect((await open()).ctx.use(hostAgents)).to.have.length(1);
  });

  it('has pods beside the same agents on the nodes, which are started once', async () => {
    const { there, open } = await openedRun({ cases: [{ uses: [fleet, hostAgents] }] });
    expect(names(there)).to.deep.equal(['fleet', 'hosts']);
    const { ctx } = await open();
    expect(ctx.use(fleet).agents).to.have.length(2);
    expect(ctx.use(fleet).hostAgents).to.equal(ctx.use(hostAgents));
  });

  it('is pods alone where nobody allowed agents on the nodes', async () => {
    const { there, open } = await openedRun({ cases: [{ uses: [fleet] }], consent: new Set() });
    expect(names(there)).to.deep.equal(['fleet']);
    const { ctx } = await open();
    expect(ctx.use(fleet).agents).to.have.length(2);
    expect(ctx.use(fleet).hostAgents).to.deep.equal([]);
  });

  it('never stays in a cluster that is kept: the next run needs its ports on the nodes', async () => {
    const { there, resources } = await openedRun({ cases: [{ uses: [fleet] }] });
    await resources.close({ keep: true });
    expect(names(there)).to.deep.equal([]);
  });
});
