import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { oneByOne, podsOf, preStopSeconds, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, removePodRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-pod-deleted',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights, removePodRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'Deleting one of two pods gracefully, with preStop, loses no new connection',
  tags: ['pod', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  async run(ctx) {
    const replicas = 2;
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas, preStopSeconds, more: oneByOne });
    const { workload } = fixture;
    const [victim] = await podsOf(ctx, workload);
    if (victim === undefined) throw new InconclusiveError('the Deployment has no pods');
    await ctx.step(`delete ${victim.name}`, async () => {
      await ctx.remove({ apiVersion: 'v1', kind: 'Pod', namespace: workload.namespace, name: victim.name });
      await untilSteady(ctx, workload, replicas);
    });
    const { losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
  },
});
