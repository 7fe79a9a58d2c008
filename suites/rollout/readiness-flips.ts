import { defineCase } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { expectUnnoticed } from '../../harness/disruption/report.ts';
import { trafficClients } from '../../harness/disruption/traffic.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { adoptAll, oneByOne } from '../../harness/workload/rollout-workload.ts';
import { settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'rollout-readiness-flips',
  area: 'rollout',
  touches: 'own',
  rights: [serviceRights, deploymentRights],
  uses: [fleet],
  tier: 'extended',
  idleLoad: idleLoads.rollout,
  title: 'A pod that turns not ready leaves rotation unnoticed and comes back when it is ready',
  tags: ['readiness', 'downtime'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
  async run(ctx) {
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas: 2, more: oneByOne });
    const [flips, stays] = await adoptAll(ctx, fixture.workload);
    if (flips === undefined || stays === undefined)
      throw new InconclusiveError('the Deployment has fewer than two pods');
    const [from] = trafficClients(ctx.use(fleet));
    if (from === undefined) throw new InconclusiveError('the standing fleet has no pods');
    const all = { from: [from], probe: fixture.probe };
    await flips.setReady(false);
    await settleOnResponders(ctx, 'only the ready pod answers', { ...all, names: [stays.name] });
    await flips.setReady(true);
    await settleOnResponders(ctx, 'both pods answer again', { ...all, names: [flips.name, stays.name] });
    const { losses } = await closeRolloutFixture(ctx, fixture);
    expectUnnoticed(losses, 'new');
  },
});
