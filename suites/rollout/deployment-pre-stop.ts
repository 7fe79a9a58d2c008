import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { newRevision, oneByOne, preStopSeconds, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-deployment-pre-stop',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  idleLoad: idleLoads.rollout,
  title: 'With maxUnavailable 0 and a preStop sleep nobody notices a rolling update',
  tags: ['deployment', 'downtime'],
  source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action',
  async run(ctx) {
    const replicas = 2;
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas, preStopSeconds, more: oneByOne });
    await ctx.step('roll to revision 2', async () => {
      await newRevision(ctx, fixture.workload, '2');
      await untilSteady(ctx, fixture.workload, replicas);
    });
    const { losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
  },
});
