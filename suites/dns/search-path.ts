import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-search-path',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'Names of one, two and three labels resolve through the search path of a pod',
  tags: ['search-path', 'every-node', 'e2e:conformance'],
  source: 'e2e: DNS should resolve DNS of partial qualified names for services',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const short = service.name;
    const names = [short, `${short}.${service.namespace}`, `${short}.${service.namespace}.svc`, service.fqdn];
    const whole = { rrtype: addressType(service.ip), name: service.fqdn };
    const want = recordsOf(ctx, fleetModel(ctx, service.object), whole);
    const checks = ctx
      .use(fleet)
      .agents.flatMap((from) => names.map((name) => ({ from, probe: lookUp(ctx, name), want })));
    await settleAndExpectDns(ctx, 'short names resolve', checks);
  },
});
