import { expect } from 'chai';
import { absent, failure, planned as plannedFault, present } from '../fault/planned.test-support.ts';
import { FakeNode } from '../node/fake-node.test-support.ts';
import { OrdealError } from '../base/errors.ts';
import type { FaultBench } from '../fault/bench.ts';
import { holdFault, planned } from './run-fault.ts';
import { drivers } from '../fault/drivers/index.ts';

const act = { site: { node: 'one' }, apply: 'break-it', undo: 'mend-it', isApplied: 'is-broken' };
const node = () => new FakeNode().answer(/sh \S+\.undo harness/, { stdout: 'harness\n' });
const reverts = (one: FakeNode) => one.positions('one', /\.undo harness/).length;

describe('holding a fault', () => {
  it('takes it away when its time is over', async () => {
    const one = node();
    const { fault } = await plannedFault(one.exec, [act], [absent, present, absent]);
    const held = await holdFault(fault, { forMs: 5, signal: new AbortController().signal });
    expect(held.result).to.include({ outcome: 'effective', revertedBy: 'harness' });
    expect(held.revertedMs).to.be.at.least(held.injectedMs);
    expect(reverts(one)).to.equal(1);
  });

  it('takes it away at once when it is interrupted', async () => {
    const one = node();
    const { fault } = await plannedFault(one.exec, [act], [absent, present, absent]);
    const stop = new AbortController();
    const holding = holdFault(fault, { forMs: 600_000, signal: stop.signal });
    stop.abort();
    await holding;
    expect(reverts(one)).to.equal(1);
  });

  it('takes it away when nobody can measure it', async () => {
    const one = node();
    const { fault } = await plannedFault(one.exec, [act], [absent]);
    const error = await failure(holdFault(fault, { forMs: 5, signal: new AbortController().signal }));
    expect(error.message).to.match(/cannot be measured/);
    expect(reverts(one)).to.equal(1);
  });

  it('is refused as bad input where the cluster cannot have it', async () => {
    const [driver] = drivers;
    const bench: FaultBench = {
      prepare: () => Promise.reject(new OrdealError('FAULT', 'the kernel cannot', { remedy: 'another one' })),
    };
    const error = await failure(planned(bench, driver, {}, 1_000));
    expect(error).to.include({ code: 'USAGE', message: 'the kernel cannot', remedy: 'another one' });
  });
});
