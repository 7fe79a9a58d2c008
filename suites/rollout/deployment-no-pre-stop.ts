import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { answerSpans } from '../../harness/disruption/samples.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { newRevision, oneByOne, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-deployment-no-pre-stop',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  idleLoad: idleLoads.rollout,
  title: 'Without preStop the downtime of a rolling update is measured and ends',
  tags: ['deployment', 'downtime'],
  source: 'https://github.com/kubernetes/kubernetes/issues/43576',
  async run(ctx) {
    const replicas = 2;
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas, more: oneByOne });
    const names = await ctx.step('roll to revision 2', async () => {
      await newRevision(ctx, fixture.workload, '2');
      return untilSteady(ctx, fixture.workload, replicas);
    });
    const { paths } = await closeRolloutFixture(ctx, fixture);
    for (const { client, samples } of paths) {
      const last = [...answerSpans(samples)].toSorted(([, a], [, b]) => b.lastMs - a.lastMs)[0]?.[0] ?? 'nobody';
      expect(names, `who answered ${client.name} last: ${last}`).to.include(last);
    }
  },
});
