import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { newRevision, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-deployment-recreate',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'A Recreate update shows as downtime on every path, and ends',
  tags: ['deployment', 'downtime', 'control'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment',
  async run(ctx) {
    const replicas = 1;
    const fixture = await openRolloutFixture(ctx, {
      kind: 'Deployment',
      replicas,
      more: { strategy: { type: 'Recreate' } },
    });
    await ctx.step('roll to revision 2', async () => {
      await newRevision(ctx, fixture.workload, '2');
      await untilSteady(ctx, fixture.workload, replicas);
    });
    const { losses } = await closeRolloutFixture(ctx, fixture);
    for (const { path, failures } of losses) {
      const seen = `${path.connections} connections from ${path.client.name} lost ${failures} of ${path.samples.length}`;
      expect(failures, `${seen}: a sampler that sees no downtime here cannot be trusted elsewhere`).to.be.above(0);
    }
  },
});
