import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { clientsOnNodes, httpPort, servicePorts, settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { endpointConditions } from '../../harness/workload/endpoints.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { readSliceRights, removePodRights, serviceRights } from '../../harness/workload/rights.ts';

const graceSeconds = 60;
const tries = 10;

export const testCase = defineCase({
  id: 'services-terminating-fallback',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, readSliceRights, removePodRights],
  uses: [fleet],
  tier: 'extended',
  title: 'When every endpoint is terminating, those that still serve get the traffic',
  tags: ['endpoints', 'terminating'],
  source: 'KEP-1669; e2e: Services should fallback to terminating endpoints when there are no ready endpoints',
  async run(ctx) {
    const { agent, service } = await onePod(
      ctx,
      'leaving',
      [httpPort],
      {},
      { terminationGracePeriodSeconds: graceSeconds },
    );
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const from = clientsOnNodes(ctx);
    const target = { from, probe, names: [agent.name], count: tries };
    await settleOnResponders(ctx, 'the pod answers', target);

    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: agent.namespace, name: agent.name };
    ctx.defer('end the terminating pod', () => ctx.kube.remove(pod, { gracePeriodSeconds: 0 }));
    await ctx.kube.remove(pod, { gracePeriodSeconds: graceSeconds });
    await ctx.settle('endpoint is marked terminating', async () => {
      const conditions = await endpointConditions(ctx, service);
      const leaving = conditions.some((one) => one.terminating === true && one.serving === true && one.ready !== true);
      return leaving ? undefined : `endpoint conditions are ${JSON.stringify(conditions)}`;
    });
    await settleOnResponders(ctx, 'terminating endpoint still answers', target);
  },
});
