import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-dual-stack',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A dual-stack Service answers on both of its cluster IPs',
  tags: ['cluster-ip', 'dual-stack'],
  needs: [feature('DualStack')],
  source: 'e2e: IPv4/IPv6 dual-stack Networking Granular Checks: Services should function for pod-Service',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { ipFamilyPolicy: 'RequireDualStack' });
    expect(service.ips, `cluster IPs of ${service.name}`).to.have.lengthOf(2);
    const want = answeredByFleet(ctx, service);
    const checks = service.ips.flatMap((ip) => transportChecks(ctx, ctx.use(fleet).agents, ip, servicePorts, want));
    await settleAndExpect(ctx, 'both families answer', checks);
  },
});
