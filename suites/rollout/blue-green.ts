import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { quietSamples } from '../../harness/disruption/traffic.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { podsOf, startWorkload } from '../../harness/workload/rollout-workload.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-blue-green',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'Switching a Service from blue to green loses nothing, and then only green answers new connections',
  tags: ['blue-green', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes',
  async run(ctx) {
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas: 2 });
    const { namespace } = fixture.workload;
    const green = await startWorkload(ctx, { kind: 'Deployment', name: 'green', namespace, replicas: 2 });
    const greenNames = (await podsOf(ctx, green)).map((pod) => pod.name);
    await ctx.step('switch the selector', async () => {
      await ctx.kube.patch(serviceRef(namespace, 'web'), { spec: { selector: green.selector } });
      await ctx.settle('only green answers new connections', async () => {
        const fresh = (await fixture.traffic.peek()).filter((path) => path.connections === 'new');
        const answers = fresh.flatMap(({ samples }) => samples.slice(-quietSamples).map(({ responder }) => responder));
        const blue = answers.find((name) => name === undefined || !greenNames.includes(name));
        return blue === undefined && answers.length > 0 ? undefined : `${blue ?? 'nobody'} answered`;
      });
    });
    const { paths, losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
    for (const { client, samples } of paths.filter((path) => path.connections === 'new')) {
      const last = samples.at(-1)?.responder ?? 'nobody';
      expect(greenNames, `the last answer ${client.name} got came from ${last}`).to.include(last);
    }
  },
});
