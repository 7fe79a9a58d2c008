import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import {
  clientsOnNodes,
  expectSticky,
  fleetNames,
  fleetPortSpecs,
  respondersOf,
  servicePorts,
  settleOnResponders,
} from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const tries = 40;

export const testCase = defineCase({
  id: 'services-affinity-switch',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'ClientIP affinity can be switched on and off on a live Service',
  tags: ['affinity', 'e2e:conformance'],
  source: 'e2e: Services should be able to switch session affinity for service with type clusterIP',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const from = clientsOnNodes(ctx);
    const names = fleetNames(ctx);
    await settleOnResponders(ctx, 'spread before', { from, probe, names });

    await ctx.kube.patch(service.ref, { spec: { sessionAffinity: 'ClientIP' } });
    await ctx.settle('affinity holds after it was switched on', async () => {
      for (const client of from) {
        const answered = new Set(await respondersOf(ctx, client, probe, tries));
        if (answered.size !== 1) return `${client.name} was answered by ${[...answered].join(', ')}`;
      }
      return undefined;
    });
    for (const client of from) await expectSticky(ctx, client, probe, tries);

    await ctx.kube.patch(service.ref, { spec: { sessionAffinity: 'None', sessionAffinityConfig: null } });
    await settleOnResponders(ctx, 'spread again after it was switched off', { from, probe, names });
  },
});
