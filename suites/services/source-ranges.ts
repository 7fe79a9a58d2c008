import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { dropped, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { hostBlock } from '../../harness/base/cidr.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { serviceRights } from '../../harness/workload/rights.ts';
import { may } from '../../harness/kube/rights.ts';

/** Of the documentation's range (RFC 5737): no route leads there but the one the Service makes. */
const balancerIp = '203.0.113.77';

export const testCase = defineCase({
  id: 'services-load-balancer-source-ranges',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, may(['patch'], 'services/status')],
  uses: [fleet],
  tier: 'extended',
  title: 'loadBalancerSourceRanges admit their addresses to the load balancer address, and nobody else',
  tags: ['load-balancer', 'source-ranges'],
  needs: [feature('KubeProxy', 'the service proxy filters by source')],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec',
  async run(ctx) {
    const [admitted, ...others] = ctx.use(fleet).agents;
    if (admitted === undefined || others.length === 0) throw new InconclusiveError('the standing fleet is too small');
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), {
      // No controller of this cluster takes it up: the case is the load balancer.
      ...{ type: 'LoadBalancer', loadBalancerClass: 'ordeal.dev/none' },
      loadBalancerSourceRanges: [hostBlock(admitted.ip)],
    });
    const status = { loadBalancer: { ingress: [{ ip: balancerIp, ipMode: 'VIP' }] } };
    await ctx.kube.patch(service.ref, { status }, { subresource: 'status' });
    const names = fleetNames(ctx);
    const balancer = reach(ctx, 'tcp', balancerIp, servicePorts.tcp);
    const cluster = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    await settleAndExpect(ctx, 'only the range gets through', [
      { from: admitted, probe: balancer, want: open(...names) },
      ...others.map((from) => ({ from, probe: balancer, want: dropped })),
      // The cluster's own address is not the load balancer's, and has no ranges.
      ...others.map((from) => ({ from, probe: cluster, want: open(...names) })),
    ]);
  },
});
