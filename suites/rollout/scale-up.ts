import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { oneByOne, podsOf } from '../../harness/workload/rollout-workload.ts';
import { settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-scale-up',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'Scaling from one to three pods loses nothing and brings every new pod into rotation',
  tags: ['scale', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/',
  async run(ctx) {
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas: 1, more: oneByOne });
    const { workload, traffic, probe } = fixture;
    await ctx.step('scale to 3', async () => {
      await ctx.kube.patch(workload.ref, { spec: { replicas: 3 } });
      await ctx.kube.untilRolledOut(workload.ref, ctx.timeouts.workloadReadyMs);
    });
    const names = (await podsOf(ctx, workload)).map((pod) => pod.name);
    for (const { client } of (await traffic.peek()).filter((path) => path.connections === 'new')) {
      await settleOnResponders(ctx, `all three pods answer ${client.name}`, { from: [client], probe, names });
    }
    const { losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
    expectUnnoticed(losses, 'reused');
  },
});
