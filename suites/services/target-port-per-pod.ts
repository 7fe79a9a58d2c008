import { defineCase } from '../../harness/case/define-case.ts';
import { reach } from '../../harness/table/probes.ts';
import { serve } from '../../harness/workload/serve.ts';
import { clientsOnNodes, expectResponders, settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const labels = { app: 'renamed' };
const pods = [
  { name: 'old-port', port: 8081 },
  { name: 'new-port', port: 8082 },
];

export const testCase = defineCase({
  id: 'services-target-port-per-pod',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'One named target port may be a different number in each pod',
  tags: ['cluster-ip', 'named-port'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  async run(ctx) {
    const namespace = await ctx.namespace();
    await ctx.agents(
      pods.map(({ name, port }) => ({ name, namespace, labels, ports: [{ port, protocol: 'HTTP', name: 'web' }] })),
    );
    const ports = [{ name: 'web', port: 80, targetPort: 'web' }];
    const service = await serve(ctx, { name: 'renamed', namespace, selector: labels, ports });
    const from = clientsOnNodes(ctx);
    const probe = reach(ctx, 'http', service.ip, 80);
    const names = pods.map((pod) => pod.name);
    await settleOnResponders(ctx, 'both port numbers answer', { from, probe, names });
    await expectResponders(ctx, { from, probe, names });
  },
});
