import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { startPods } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import {
  clientsOnNodes,
  expectResponders,
  httpPort,
  servicePorts,
  settleOnResponders,
} from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-selector-change',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A changed selector moves all traffic from the blue pod to the green one',
  tags: ['endpoints', 'blue-green'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const blue = { name: 'blue', labels: { colour: 'blue' } };
    const green = { name: 'green', labels: { colour: 'green' } };
    await startPods(ctx, 'coloured', [blue, green]);
    const service = await serve(ctx, { name: 'coloured', namespace, selector: blue.labels, ports: [httpPort] });
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const from = clientsOnNodes(ctx);
    await settleOnResponders(ctx, 'blue answers', { from, probe, names: ['blue'] });

    await ctx.kube.patch(service.ref, { spec: { selector: green.labels } });
    await settleOnResponders(ctx, 'selector change moves traffic', { from, probe, names: ['green'] });
    await expectResponders(ctx, { from, probe, names: ['green'] });
  },
});
