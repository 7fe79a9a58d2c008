import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { cutCounters } from '../../harness/fault/partition/nftables.ts';
import { nodePair, partitionOf } from './support/nodes.ts';
import { podTable } from './support/tables.ts';
import { measure, open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, times } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const attempts = 10;

export const testCase = defineCase({
  id: 'faults-partition-one-way',
  area: 'faults',
  touches: beyondOwn('node', 'nodes', 'two nodes drop traffic between pods of the run'),
  rights: [],
  uses: [fleet],
  tier: 'extended',
  title: 'A one-way partition loses answers: requests still arrive at the node that cannot send',
  tags: ['partition'],
  needs: [feature('NodeAccess'), feature('MultiNode')],
  exclusive: true,
  source: 'https://chaos-mesh.org/docs/simulate-network-chaos-on-kubernetes/',
  async run(ctx) {
    const pair = nodePair(ctx);
    await settleAndExpect(ctx, 'all paths are open before', podTable(ctx, pair, false));
    const fault = await partitionOf(ctx, pair, 'one-way');
    await fault.inject();
    await settleAndExpect(ctx, 'neither direction gets an answer', podTable(ctx, pair, true));
    await ctx.step('count what arrives from the far node', async () => {
      const before = await cutCounters(ctx.cluster, pair.near.name, fault.id);
      const probe = reach(ctx, 'udp', pair.client.ip, fleetPorts(ctx.use(fleet)).udp);
      await measure(times(attempts, probe).map((one) => ({ from: pair.server, probe: one, want: open() })));
      const after = await cutCounters(ctx.cluster, pair.near.name, fault.id);
      const arrived = after.arrived - before.arrived;
      const left = after.sent - before.sent;
      ctx.attach('packets of the cut traffic at the near node', JSON.stringify({ before, after }), 'application/json');
      expect(arrived, `${arrived} packets arrived of ${attempts} requests sent by the far node`).to.be.at.least(
        attempts,
      );
      expect(left, `${left} answers tried to leave for ${attempts} requests`).to.be.at.least(attempts);
    });
    await fault.revert();
    await settleAndExpect(ctx, 'all paths are open again', podTable(ctx, pair, false));
  },
});
