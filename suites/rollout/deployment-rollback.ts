import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { oneByOne, podsOf, preStopSeconds, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

/** A gate nobody opens: the new pods run but never get ready, as a broken release does. */
const closedGate = [{ conditionType: 'ordeal.dev/never' }];

export const testCase = defineCase({
  id: 'rollout-deployment-rollback',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  idleLoad: idleLoads.rollout,
  title: 'A release that never gets ready takes no traffic, and its rollback goes unnoticed',
  tags: ['deployment', 'downtime', 'rollback'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment',
  async run(ctx) {
    const replicas = 2;
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas, preStopSeconds, more: oneByOne });
    const { workload, traffic } = fixture;
    const good = new Set((await podsOf(ctx, workload)).map((pod) => pod.name));
    await ctx.step('roll out a release that never gets ready', async () => {
      await ctx.kube.patch(workload.ref, { spec: { template: { spec: { readinessGates: closedGate } } } });
      await ctx.settle('a pod of the broken release exists', async () => {
        const names = (await podsOf(ctx, workload)).map((pod) => pod.name);
        return names.some((name) => !good.has(name)) ? undefined : `only ${names.join(', ')}`;
      });
      await traffic.untilStable('traffic flows beside the broken release');
    });
    await ctx.step('roll back', async () => {
      await ctx.kube.patch(workload.ref, { spec: { template: { spec: { readinessGates: null } } } });
      await untilSteady(ctx, workload, replicas);
    });
    const { paths, losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
    const answered = paths.flatMap(({ samples }) => samples.filter(({ verdict }) => verdict === 'open'));
    const wrong = new Set(answered.map(({ responder }) => responder ?? 'nobody').filter((name) => !good.has(name)));
    assertNone([...wrong], `who answered beside ${[...good].join(', ')}`);
  },
});
