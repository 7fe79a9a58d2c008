import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { quietSamples } from '../../harness/disruption/traffic.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { oneByOne, preStopSeconds, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-scale-down',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'Scaling from three pods to one, with preStop, loses no new connection',
  tags: ['scale', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  async run(ctx) {
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas: 3, preStopSeconds, more: oneByOne });
    const { workload } = fixture;
    const left = await ctx.step('scale to 1', async () => {
      await ctx.kube.patch(workload.ref, { spec: { replicas: 1 } });
      return untilSteady(ctx, workload, 1);
    });
    const { paths, losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
    for (const { client, connections, samples } of paths) {
      const answers = samples.slice(-quietSamples).flatMap(({ responder }) => responder ?? []);
      const last = [...new Set(answers)];
      assertSame(last, left, `who answered ${connections} connections of ${client.name} last`);
    }
  },
});
