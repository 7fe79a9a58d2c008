import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { newRevision, preStopSeconds, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights, statefulSetRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-stateful-set',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, statefulSetRights],
  uses: [fleet],
  idleLoad: idleLoads.rollout,
  title: 'A StatefulSet of two rolls one pod at a time and its ClusterIP keeps answering',
  tags: ['stateful-set', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates',
  async run(ctx) {
    const replicas = 2;
    const more = { serviceName: 'web', podManagementPolicy: 'Parallel' };
    const fixture = await openRolloutFixture(ctx, { kind: 'StatefulSet', replicas, preStopSeconds, more });
    await ctx.step('roll to revision 2', async () => {
      await newRevision(ctx, fixture.workload, '2');
      await untilSteady(ctx, fixture.workload, replicas);
    });
    const { losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
  },
});
