import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { expectNodesReady, nodePair, partitionOf } from './support/nodes.ts';
import { hostTable, podTable, servicesPerNode, serviceTable } from './support/tables.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'faults-partition',
  area: 'faults',
  touches: beyondOwn('node', 'nodes', 'two nodes drop traffic between pods of the run'),
  rights: [serviceRights, sliceRights],
  uses: [fleet, hostAgents],
  title: 'A partition between the pods of two nodes cuts exactly those paths, and its end restores them',
  tags: ['partition'],
  needs: [feature('NodeAccess'), feature('MultiNode')],
  // Alone: the DNS pods of two nodes are cut from each other too.
  exclusive: true,
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  async run(ctx) {
    const pair = nodePair(ctx);
    const services = await servicesPerNode(ctx, pair);
    const table = (held: boolean) => [
      ...podTable(ctx, pair, held),
      ...serviceTable(ctx, pair, services, held),
      ...hostTable(ctx),
    ];
    await settleAndExpect(ctx, 'all paths are open before', table(false));
    const fault = await partitionOf(ctx, pair, 'both');
    await ctx.step('inject', () => fault.inject());
    await settleAndExpect(ctx, 'cut paths are dropped, all others open', table(true));
    await expectNodesReady(ctx);
    await ctx.step('revert', () => fault.revert());
    await settleAndExpect(ctx, 'all paths are open again', table(false));
  },
});
