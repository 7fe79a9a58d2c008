import { expect } from 'chai';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { podKill } from '../../harness/fault/drivers/pod-kill.ts';
import { closeRolloutFixture, openRolloutFixture } from '../../harness/workload/rollout-fixture.ts';
import { oneByOne, podsOf, untilSteady } from '../../harness/workload/rollout-workload.ts';
import { settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { deploymentRights, removePodRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'faults-pod-kill',
  area: 'faults',
  touches: 'own',
  rights: [serviceRights, deploymentRights, removePodRights],
  uses: [fleet],
  title: 'A Service recovers when one of its pods is killed; the downtime is measured',
  tags: ['pod-kill', 'downtime'],
  idleLoad: idleLoads.rollout,
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-forced',
  async run(ctx) {
    const replicas = 2;
    const fixture = await openRolloutFixture(ctx, { kind: 'Deployment', replicas, more: oneByOne });
    const { workload, traffic, probe } = fixture;
    const [victim] = await podsOf(ctx, workload);
    const [path] = await traffic.peek();
    if (victim === undefined || path === undefined) throw new InconclusiveError('there is no pod or no traffic');
    const fault = await ctx.fault(podKill, { ...victim, namespace: workload.namespace });
    await fault.inject();
    const names = await untilSteady(ctx, workload, replicas);
    expect(names, `pods after ${victim.name} was killed: ${names.join(', ')}`).to.not.include(victim.name);
    await settleOnResponders(ctx, 'the new pod answers too', { from: [path.client], probe, names });
    await closeRolloutFixture(ctx, fixture);
  },
});
