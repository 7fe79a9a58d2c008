import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-dual-stack',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A dual-stack Service has an A and an AAAA record',
  tags: ['dual-stack'],
  needs: [feature('DualStack')],
  source: 'KEP-563; DNS specification 2.3.1',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), { ipFamilyPolicy: 'RequireDualStack' });
    expect(service.ips, `cluster IPs of ${service.name}`).to.have.lengthOf(2);
    const model = fleetModel(ctx, service.object);
    const checks = (['A', 'AAAA'] as const).flatMap((rrtype) => {
      const question = { rrtype, name: service.fqdn };
      return overBoth(ctx, ctx.use(fleet).agents, question, recordsOf(ctx, model, question));
    });
    await settleAndExpectDns(ctx, 'both families resolve', checks);
  },
});
