import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { nodePair, partitionOf } from './support/nodes.ts';
import { podTable } from './support/tables.ts';
import { disagreement, expectAsWanted, observe } from '../../harness/table/checks.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'faults-partition-deadline',
  area: 'faults',
  touches: beyondOwn('node', 'nodes', 'two nodes drop traffic between pods of the run'),
  rights: [],
  uses: [fleet],
  tier: 'extended',
  title: 'The nodes themselves end a partition at its deadline when nobody reverts it',
  tags: ['partition', 'deadline'],
  needs: [feature('NodeAccess'), feature('MultiNode')],
  exclusive: true,
  source: 'https://github.com/litmuschaos/litmus/issues/2359',
  async run(ctx) {
    const pair = nodePair(ctx);
    const { faultShortDeadlineMs: deadlineMs, settleMs } = ctx.timeouts;
    const fault = await partitionOf(ctx, pair, 'both', { deadlineMs, endsBy: 'deadline' });
    ctx.parameter('deadline', `${deadlineMs} ms`);
    const { ms: untilSeen } = await fault.inject();
    const table = podTable(ctx, pair, false);
    const untilOpen = await ctx.settle(
      'all paths are open without a revert',
      async () => disagreement(await observe(table)),
      {
        timeoutMs: deadlineMs + settleMs,
      },
    );
    ctx.measure('fault.held', untilSeen + untilOpen, 'ms');
    expectAsWanted(await observe(table));
    const by = await fault.revert();
    expect(by, `the partition was taken away by: ${by}`).to.equal('deadline');
  },
});
